package io.github.http3spring.stubborn;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Handlers that do whatever a handler can do to hold a shutdown up. Not in a package of
 * the sample, whose component scan would find them.
 */
@Configuration(proxyBeanMethods = false)
public class StubbornHandlers {

	/**
	 * Longer than any process may take to end.
	 */
	private static final Duration LONG = Duration.ofMinutes(1);

	@Bean
	RouterFunction<ServerResponse> stubborn(ConfigurableApplicationContext context) {
		return RouterFunctions.route()
			.GET("/never", (request) -> Mono.never())
			.GET("/ignores-cancellation",
					(request) -> Mono.fromRunnable(StubbornHandlers::block)
						.subscribeOn(Schedulers.boundedElastic())
						.then(ServerResponse.noContent().build()))
			.GET("/blocks-event-loop", (request) -> {
				System.out.println("Event loop blocked");
				block();
				return ServerResponse.noContent().build();
			})
			.GET("/exits-on-event-loop", (request) -> {
				System.exit(3);
				return ServerResponse.noContent().build();
			})
			.GET("/closes-on-event-loop", (request) -> {
				context.close();
				return ServerResponse.noContent().build();
			})
			.build();
	}

	/**
	 * Keep the thread, whoever interrupts it.
	 */
	private static void block() {
		long end = System.nanoTime() + LONG.toNanos();
		for (long left = LONG.toNanos(); left > 0; left = end - System.nanoTime()) {
			LockSupport.parkNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(50)));
			Thread.interrupted();
		}
	}

}
