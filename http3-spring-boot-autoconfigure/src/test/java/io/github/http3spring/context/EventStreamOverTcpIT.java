package io.github.http3spring.context;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.http3spring.TestContextRunner;
import io.github.http3spring.TestKeyStore;
import io.github.http3spring.autoconfigure.Http3ServerAutoConfiguration;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.tcp.SslProvider;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.web.reactive.HttpHandlerAutoConfiguration;
import org.springframework.boot.autoconfigure.web.reactive.ReactiveWebServerFactoryAutoConfiguration;
import org.springframework.boot.autoconfigure.web.reactive.WebFluxAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.ZeroCopyHttpOutputMessage;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Server-Sent Events over HTTP/1.1 and HTTP/2 in an application that is closed, which
 * waits for both of its servers.
 */
class EventStreamOverTcpIT {

	@TempDir
	static Path directory;

	private static Path keyStore;

	@BeforeAll
	static void createKeyStore() throws Exception {
		keyStore = TestKeyStore.create(directory.resolve("server.p12"), "localhost");
	}

	@ParameterizedTest
	@EnumSource(names = { "HTTP11", "H2" })
	void eventStreamsEndAfterAWholeEventWhenTheApplicationIsClosed(HttpProtocol protocol) throws Exception {
		ConfigurableApplicationContext context = start();
		CompletableFuture<Response> events = get(context, protocol, "/events", MediaType.ALL_VALUE);
		CompletableFuture<Response> silent = get(context, protocol, "/silent", MediaType.ALL_VALUE);
		CompletableFuture<Response> written = get(context, protocol, "/written", MediaType.TEXT_EVENT_STREAM_VALUE);
		CompletableFuture<Response> writtenSilently = get(context, protocol, "/written-silently",
				MediaType.TEXT_EVENT_STREAM_VALUE);
		Streams streams = context.getBean(Streams.class);
		for (String path : List.of("/events", "/silent", "/written", "/written-silently")) {
			streams.sent.get(path).get(10, TimeUnit.SECONDS);
		}
		assertThat(close(context)).isLessThan(Duration.ofSeconds(10));
		assertIsComplete(events, protocol, "(?:data:[0-9]+\n\n)+");
		assertIsComplete(written, protocol, "(?:data:[0-9]+\n\n)+");
		assertIsComplete(silent, protocol, "");
		assertIsComplete(writtenSilently, protocol, "");
	}

	@ParameterizedTest
	@EnumSource(names = { "HTTP11", "H2" })
	void eventStreamThatBeginsDuringTheShutdownIsCompletedAtOnce(HttpProtocol protocol) throws Exception {
		ConfigurableApplicationContext context = start();
		CompletableFuture<Response> late = get(context, protocol, "/late", MediaType.ALL_VALUE);
		context.getBean(Streams.class).sent.get("/late").get(10, TimeUnit.SECONDS);
		assertThat(close(context)).isLessThan(Duration.ofSeconds(10));
		assertIsComplete(late, protocol, "");
	}

	@Test
	void eventStreamThatIsWaitedForIsCutOffAtTheEndOfThePhase() throws Exception {
		ConfigurableApplicationContext context = start("http3.server.shutdown.event-streams=wait",
				"spring.lifecycle.timeout-per-shutdown-phase=1s");
		// Its buffers need no release: WebFlux loses one when a response is cancelled
		// (spring-framework issue 36438)
		CompletableFuture<Response> events = get(context, HttpProtocol.HTTP11, "/written",
				MediaType.TEXT_EVENT_STREAM_VALUE);
		context.getBean(Streams.class).sent.get("/written").get(10, TimeUnit.SECONDS);
		assertThat(close(context)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> events.get(10, TimeUnit.SECONDS))
			.withCauseInstanceOf(IOException.class);
	}

	@Test
	void handlerMayCastTheResponseOfARequestForEvents() throws Exception {
		try (ConfigurableApplicationContext context = start()) {
			assertIsComplete(get(context, HttpProtocol.HTTP11, "/types", MediaType.TEXT_EVENT_STREAM_VALUE),
					HttpProtocol.HTTP11, "data:200 OK, zero-copy\n\n");
		}
	}

	private static void assertIsComplete(CompletableFuture<Response> future, HttpProtocol protocol, String body)
			throws Exception {
		Response response = future.get(10, TimeUnit.SECONDS);
		assertThat(response.version()).isEqualTo((protocol == HttpProtocol.H2) ? "HTTP/2.0" : "HTTP/1.1");
		assertThat(response.status()).isEqualTo(200);
		assertThat(response.contentType()).startsWith(MediaType.TEXT_EVENT_STREAM_VALUE);
		assertThat(response.body()).matches(body);
	}

	private static Duration close(ConfigurableApplicationContext context) {
		long before = System.nanoTime();
		context.close();
		return Duration.ofNanos(System.nanoTime() - before);
	}

	private static ConfigurableApplicationContext start(String... properties) {
		return TestContextRunner.application(Application.class, keyStore)
			.properties("server.http2.enabled=true")
			.properties(properties)
			.run();
	}

	private static CompletableFuture<Response> get(ConfigurableApplicationContext context, HttpProtocol protocol,
			String path, String accept) {
		return HttpClient.newConnection()
			.protocol(protocol)
			.secure((spec) -> spec.sslContext(sslContext(protocol)))
			.headers((headers) -> headers.set("Accept", accept))
			.get()
			.uri("https://localhost:" + context.getEnvironment().getRequiredProperty("local.server.port") + path)
			.responseSingle((response, body) -> body.asString()
				.defaultIfEmpty("")
				.map((text) -> new Response(response.version().text(), response.status().code(),
						response.responseHeaders().get("Content-Type"), text)))
			.toFuture();
	}

	private static SslProvider.GenericSslContextSpec<SslContextBuilder> sslContext(HttpProtocol protocol) {
		SslProvider.GenericSslContextSpec<SslContextBuilder> spec = (protocol == HttpProtocol.H2)
				? Http2SslContextSpec.forClient() : Http11SslContextSpec.forClient();
		return spec.configure((tls) -> tls.trustManager(InsecureTrustManagerFactory.INSTANCE));
	}

	private record Response(String version, int status, String contentType, String body) {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ReactiveWebServerFactoryAutoConfiguration.class, HttpHandlerAutoConfiguration.class,
			WebFluxAutoConfiguration.class, SslAutoConfiguration.class, LifecycleAutoConfiguration.class,
			Http3ServerAutoConfiguration.class })
	static class Application {

		@Bean
		Streams streams() {
			return new Streams();
		}

	}

	@RestController
	static class Streams {

		/**
		 * Done when a stream has something on its way, or is waited for if it is silent.
		 */
		private final Map<String, CompletableFuture<Void>> sent = Stream
			.of("/events", "/silent", "/written", "/written-silently", "/late")
			.collect(Collectors.toMap(Function.identity(), (path) -> new CompletableFuture<>()));

		private final CompletableFuture<Void> shutdownStarted = new CompletableFuture<>();

		@EventListener(Http3ShutdownStartedEvent.class)
		void shutdownStarted() {
			this.shutdownStarted.complete(null);
		}

		@GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Flux<Long> events() {
			return numbers("/events");
		}

		@GetMapping(path = "/silent", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Flux<Long> silent() {
			return Flux.<Long>never().doOnSubscribe((subscription) -> this.sent.get("/silent").complete(null));
		}

		@GetMapping("/written")
		Mono<Void> written(ServerHttpResponse response) {
			response.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
			return response.writeAndFlushWith(numbers("/written").map((number) -> event(response, number)));
		}

		@GetMapping("/written-silently")
		Mono<Void> writtenSilently(ServerHttpResponse response) {
			response.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
			return response.writeAndFlushWith(Flux.<Mono<DataBuffer>>never()
				.doOnSubscribe((subscription) -> this.sent.get("/written-silently").complete(null)));
		}

		@GetMapping("/types")
		Mono<Void> types(ServerHttpResponse response) {
			HttpServerResponse nativeResponse = ((AbstractServerHttpResponse) response).getNativeResponse();
			String types = nativeResponse.status()
					+ ((response instanceof ZeroCopyHttpOutputMessage) ? ", zero-copy" : "");
			response.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
			return response.writeWith(event(response, types));
		}

		@GetMapping(path = "/late", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Mono<ResponseEntity<Flux<Long>>> late() {
			this.sent.get("/late").complete(null);
			return Mono.fromFuture(this.shutdownStarted)
				.then(Mono.delay(Duration.ofMillis(200)))
				.thenReturn(ResponseEntity.ok(numbers("/late")));
		}

		private Flux<Long> numbers(String path) {
			return Flux.interval(Duration.ofMillis(5)).onBackpressureDrop().doOnNext((number) -> {
				// The one before has been written then
				if (number > 0) {
					this.sent.get(path).complete(null);
				}
			});
		}

		private static Mono<DataBuffer> event(ServerHttpResponse response, Object data) {
			return Mono.fromSupplier(
					() -> response.bufferFactory().wrap(("data:" + data + "\n\n").getBytes(StandardCharsets.UTF_8)));
		}

	}

}
