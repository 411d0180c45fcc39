package io.github.http3spring;

import java.nio.file.Path;

import io.github.http3spring.autoconfigure.Http3ServerAutoConfiguration;
import io.github.http3spring.wire.BodyPattern;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.web.reactive.HttpHandlerAutoConfiguration;
import org.springframework.boot.autoconfigure.web.reactive.ReactiveWebServerFactoryAutoConfiguration;
import org.springframework.boot.autoconfigure.web.reactive.WebFluxAutoConfiguration;
import org.springframework.boot.autoconfigure.web.reactive.error.ErrorWebFluxAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * A reactive application on free loopback ports, with as little else as possible.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({ ReactiveWebServerFactoryAutoConfiguration.class, HttpHandlerAutoConfiguration.class,
		WebFluxAutoConfiguration.class, ErrorWebFluxAutoConfiguration.class, SslAutoConfiguration.class,
		LifecycleAutoConfiguration.class, Http3ServerAutoConfiguration.class })
class TestApplication {

	private static final int CHUNK_SIZE = 64 * BodyPattern.LENGTH;

	private static final byte[] CHUNK = BodyPattern.bytes(CHUNK_SIZE);

	/**
	 * Start the application.
	 */
	static ConfigurableApplicationContext start(Path keyStore, String... properties) {
		return builder(keyStore).properties(properties).run();
	}

	static SpringApplicationBuilder builder(Path keyStore) {
		return TestContextRunner.application(TestApplication.class, keyStore);
	}

	static int http3Port(ConfigurableApplicationContext context) {
		return context.getEnvironment().getRequiredProperty("local.http3.server.port", Integer.class);
	}

	static int tcpPort(ConfigurableApplicationContext context) {
		return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	@Bean
	RouterFunction<ServerResponse> routes() {
		return RouterFunctions.route()
			.GET("/hello", (request) -> ServerResponse.ok().bodyValue("hello"))
			.GET("/bytes/{size}", TestApplication::bytes)
			.POST("/echo", TestApplication::echo)
			.POST("/sink", TestApplication::sink)
			.GET("/never", (request) -> Mono.never())
			.GET("/failure", (request) -> Mono.error(new IllegalStateException("as the test wants it")))
			.GET("/protocol", (request) -> ServerResponse.ok().bodyValue(protocol(request)))
			.GET("/uri", (request) -> ServerResponse.ok().bodyValue(request.uri().toString()))
			.GET("/peer", (request) -> ServerResponse.ok().bodyValue(String.valueOf(request.remoteAddress())))
			.build();
	}

	private static Mono<ServerResponse> bytes(ServerRequest request) {
		int size = Integer.parseInt(request.pathVariable("size"));
		int chunks = (size + CHUNK_SIZE - 1) / CHUNK_SIZE;
		Flux<DataBuffer> body = Flux.range(0, chunks)
			.map((index) -> DefaultDataBufferFactory.sharedInstance.wrap(CHUNK)
				.split(Math.min(CHUNK_SIZE, size - index * CHUNK_SIZE)));
		return ServerResponse.ok().contentLength(size).body(BodyInserters.fromDataBuffers(body));
	}

	private static Mono<ServerResponse> echo(ServerRequest request) {
		return ServerResponse.ok()
			.body(BodyInserters.fromDataBuffers(request.body((input, context) -> input.getBody())));
	}

	private static Mono<ServerResponse> sink(ServerRequest request) {
		return request.body((input, context) -> input.getBody())
			.doOnNext(DataBufferUtils::release)
			.then(ServerResponse.noContent().build())
			.onErrorResume(AbortedException.class, (ex) -> Mono.empty());
	}

	private static String protocol(ServerRequest request) {
		HttpServerRequest nativeRequest = ServerHttpRequestDecorator.getNativeRequest(request.exchange().getRequest());
		return nativeRequest.version().text();
	}

}
