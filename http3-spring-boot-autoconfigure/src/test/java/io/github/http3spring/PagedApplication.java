package io.github.http3spring;

import java.nio.file.Path;
import java.time.Duration;

import reactor.core.publisher.Mono;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * An application with the page that a {@link Browser} shows, and what this fetches.
 */
@Configuration(proxyBeanMethods = false)
class PagedApplication {

	/**
	 * Start an instance.
	 * @param keyStore its certificate
	 * @param port its port, TCP and UDP, 0 for free ones
	 * @param advertisedPort the UDP port as browsers see it
	 * @param onShutdown what is said of it during the shutdown
	 * @param delay the time between the end of readiness and the shutdown
	 */
	static ConfigurableApplicationContext start(Path keyStore, int port, int advertisedPort, String onShutdown,
			String delay) {
		return TestApplication.builder(keyStore)
			.sources(PagedApplication.class)
			.properties("server.port=" + port, "server.http2.enabled=true",
					"http3.server.alt-svc.port=" + advertisedPort, "http3.server.alt-svc.on-shutdown=" + onShutdown,
					"http3.server.shutdown.pre-shutdown-delay=" + delay,
					// The browser is killed at the end, and leaves without a word
					"http3.server.shutdown.grace-period=3s")
			.run();
	}

	/**
	 * The event loops of TCP: the instance that ends first would end those of the others
	 * in the same process.
	 */
	@Bean
	ReactorResourceFactory reactorResourceFactory() {
		ReactorResourceFactory factory = new ReactorResourceFactory();
		factory.setUseGlobalResources(false);
		return factory;
	}

	@Bean
	RouterFunction<ServerResponse> page() {
		return RouterFunctions.route()
			.GET("/page", (request) -> ServerResponse.ok().contentType(MediaType.TEXT_HTML).bodyValue(Browser.page()))
			.GET("/slow", (request) -> Mono.delay(Duration.ofMillis(100)).then(ServerResponse.ok().bodyValue("done")))
			.build();
	}

}
