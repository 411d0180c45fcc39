package io.github.http3spring.context;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;

import io.github.http3spring.TestContextRunner;
import io.github.http3spring.TestKeyStore;
import io.github.http3spring.autoconfigure.Http3ServerAutoConfiguration;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ShutdownSignal;
import io.github.http3spring.server.ShutdownVerdict;
import io.github.http3spring.server.StuckRequest;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.StreamResetException;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireEvent;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.web.reactive.HttpHandlerAutoConfiguration;
import org.springframework.boot.autoconfigure.web.reactive.ReactiveWebServerFactoryAutoConfiguration;
import org.springframework.boot.autoconfigure.web.reactive.WebFluxAutoConfiguration;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

/**
 * Responses without an end in an application that is closed.
 */
class EventStreamIT {

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final long REQUEST_CANCELLED = 0x10c;

	private static final String TEXT = "x".repeat(2000);

	@TempDir
	static Path directory;

	private static Path keyStore;

	private WireClient client;

	@BeforeAll
	static void createKeyStore() throws Exception {
		keyStore = TestKeyStore.create(directory.resolve("server.p12"), "localhost");
	}

	@BeforeEach
	void createClient() {
		this.client = WireClient.create();
	}

	@AfterEach
	void closeClient() {
		this.client.close();
	}

	@Test
	void eventStreamEndsAfterAWholeEventWhenTheApplicationIsClosed() throws Exception {
		ConfigurableApplicationContext context = start();
		Shutdowns shutdowns = context.getBean(Shutdowns.class);
		WireConnection connection = connect(context);
		WireStream events = connection.get("/events");
		await().atMost(Duration.ofSeconds(10)).until(() -> events.bytesReceived() > 100_000);
		context.close();
		assertEndsAfterAWholeEvent(events, connection);
		ShutdownVerdict verdict = shutdowns.verdict();
		// A stream that is being written may hear the signal before the event loop does
		assertThat(verdict.requests().completed()).isLessThanOrEqualTo(1);
		assertThat(verdict.isLossless()).isTrue();
		assertThat(verdict.duration()).isLessThan(Duration.ofSeconds(5));
	}

	@Test
	void eventStreamEndsAfterAWholeEventWhenItsConnectionIsShutDownAlone() throws Exception {
		try (ConfigurableApplicationContext context = start()) {
			WireConnection connection = connect(context);
			WireStream events = connection.get("/events");
			WireStream lines = connection.get("/lines-of-connection");
			WireStream unaware = connection.get("/lines?count=100");
			WireStream others = connect(context).get("/events");
			await().atMost(Duration.ofSeconds(10)).until(() -> events.bytesReceived() > 100_000);
			get(lines.headersReceived());
			get(others.headersReceived());
			shutDownFirstConnection(context, Duration.ofSeconds(30));
			assertEndsAfterAWholeEvent(events, connection);
			assertThat(get(lines.response()).bodyAsString()).matches("(?:line [0-9]+\n)*bye\n");
			assertThat(get(unaware.response()).bodyAsString().lines()).hasSize(100).doesNotContain("bye");
			long received = others.bytesReceived();
			await().atMost(Duration.ofSeconds(10)).until(() -> others.bytesReceived() > received + 100_000);
			assertThat(others.response()).isNotDone();
		}
	}

	@Test
	void eventStreamEndsAfterAWholeEventWhenItsConnectionIsOldEnough() throws Exception {
		try (ConfigurableApplicationContext context = start("http3.server.connection.max-age=500ms",
				"http3.server.connection.max-age-jitter=0")) {
			WireConnection connection = connect(context);
			assertEndsAfterAWholeEvent(connection.get("/events"), connection);
		}
	}

	@Test
	void eventStreamThatIsWaitedForIsResetAfterTheGraceOfItsConnection() throws Exception {
		try (ConfigurableApplicationContext context = start("http3.server.shutdown.event-streams=wait")) {
			WireConnection connection = connect(context);
			WireStream events = connection.get("/events");
			get(events.headersReceived());
			shutDownFirstConnection(context, Duration.ofMillis(500));
			assertIsReset(events);
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
		}
	}

	@Test
	void eventStreamThatIsWaitedForIsResetAtTheDeadline() throws Exception {
		ConfigurableApplicationContext context = start("http3.server.shutdown.event-streams=wait",
				"http3.server.shutdown.grace-period=1s");
		Shutdowns shutdowns = context.getBean(Shutdowns.class);
		WireConnection connection = connect(context);
		WireStream events = connection.get("/events");
		get(events.headersReceived());
		context.close();
		assertIsReset(events);
		assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
		ShutdownVerdict verdict = shutdowns.verdict();
		assertThat(verdict.isLossless()).isFalse();
		assertThat(verdict.stuckRequests()).extracting(StuckRequest::path).containsExactly("/events");
		assertThat(verdict.duration()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(4));
	}

	@Test
	void handlerEndsItsResponseWithTheSignal() throws Exception {
		ConfigurableApplicationContext context = start("http3.server.shutdown.event-streams=wait");
		Shutdowns shutdowns = context.getBean(Shutdowns.class);
		WireConnection connection = connect(context);
		WireStream lines = connection.get("/lines");
		await().atMost(Duration.ofSeconds(10)).until(() -> lines.bytesReceived() > 20);
		context.close();
		assertThat(get(lines.response()).bodyAsString()).matches("(?:line [0-9]+\n)+bye\n");
		assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
		assertThat(shutdowns.verdict().requests().completed()).isOne();
		assertThat(shutdowns.verdict().isLossless()).isTrue();
	}

	@Test
	void startAndEndOfTheShutdownArePublishedOnceEach() throws Exception {
		ConfigurableApplicationContext context = start("http3.server.shutdown.grace-period=7s");
		Shutdowns shutdowns = context.getBean(Shutdowns.class);
		WireConnection connection = connect(context);
		WireStream slow = connection.get("/slow");
		get(connection.get("/now").response());
		assertThat(shutdowns.events).isEmpty();
		Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
		context.close();
		assertThat(get(slow.response()).bodyAsString()).isEqualTo("done");
		assertThat(shutdowns.events).hasExactlyElementsOfTypes(Http3ShutdownStartedEvent.class,
				Http3ShutdownFinishedEvent.class);
		List<ApplicationEvent> events = List.copyOf(shutdowns.events);
		assertThat(((Http3ShutdownStartedEvent) events.get(0)).getGracePeriod()).isEqualTo(Duration.ofSeconds(7));
		assertThat(((Http3ShutdownStartedEvent) events.get(0)).getDeadline())
			.isCloseTo(before.plusSeconds(7), within(5, ChronoUnit.SECONDS))
			.isAfterOrEqualTo(before.plusSeconds(7));
		assertThat(events.get(1).getSource()).isSameAs(events.get(0).getSource());
		assertThat(shutdowns.verdict().connections().completed()).isOne();
		assertThat(shutdowns.verdict().requests().completed()).isOne();
	}

	@Test
	void eventStreamOfAnApplicationThatWasStoppedAndStartedAgainGoesOn() throws Exception {
		try (ConfigurableApplicationContext context = start()) {
			context.stop();
			context.start();
			WireStream events = connect(context).get("/events");
			await().atMost(Duration.ofSeconds(10)).until(() -> events.bytesReceived() > 100_000);
			assertThat(events.response()).isNotDone();
		}
	}

	private static void assertEndsAfterAWholeEvent(WireStream events, WireConnection connection) throws Exception {
		WireResponse response = get(events.response());
		assertThat(response.status()).isEqualTo(200);
		assertThat(response.header("content-type")).startsWith(MediaType.TEXT_EVENT_STREAM_VALUE);
		assertThat(response.bodyAsString()).matches("(?:id:[0-9]+\ndata:" + TEXT + "\n\n)+");
		assertThat(response.bodyLength()).isEqualTo(response.body().length);
		assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
		assertThat(connection.events()).extracting(WireEvent::type)
			.contains(WireEvent.Type.FIN)
			.doesNotContain(WireEvent.Type.RESET_STREAM, WireEvent.Type.ERROR);
	}

	private static void assertIsReset(WireStream events) {
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(events.response()))
			.havingCause()
			.isInstanceOfSatisfying(StreamResetException.class,
					(ex) -> assertThat(ex.code()).isEqualTo(REQUEST_CANCELLED));
	}

	private static void shutDownFirstConnection(ConfigurableApplicationContext context, Duration gracePeriod)
			throws Exception {
		Http3Server server = context.getBean(Http3Server.class);
		String id = get(server.snapshot(0, 1)).connections().get(0).id();
		assertThat(get(server.shutDownConnection(id, gracePeriod))).isTrue();
	}

	private static ConfigurableApplicationContext start(String... properties) {
		return TestContextRunner.application(Application.class, keyStore).properties(properties).run();
	}

	private WireConnection connect(ConfigurableApplicationContext context) throws Exception {
		int port = context.getEnvironment().getRequiredProperty("local.http3.server.port", Integer.class);
		return get(this.client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ReactiveWebServerFactoryAutoConfiguration.class, HttpHandlerAutoConfiguration.class,
			WebFluxAutoConfiguration.class, SslAutoConfiguration.class, LifecycleAutoConfiguration.class,
			Http3ServerAutoConfiguration.class })
	static class Application {

		@Bean
		Streams streams(Http3ShutdownSignal signal) {
			return new Streams(signal);
		}

		@Bean
		Shutdowns shutdowns() {
			return new Shutdowns();
		}

	}

	@RestController
	static class Streams {

		private final Http3ShutdownSignal signal;

		Streams(Http3ShutdownSignal signal) {
			this.signal = signal;
		}

		@GetMapping("/events")
		Flux<ServerSentEvent<String>> events() {
			return Flux.interval(Duration.ofMillis(2))
				.onBackpressureDrop()
				.map((number) -> ServerSentEvent.builder(TEXT).id(String.valueOf(number)).build());
		}

		@GetMapping("/lines")
		Flux<byte[]> lines(@RequestParam(defaultValue = "1000000") long count) {
			return lines(this.signal.started()).take(count);
		}

		@GetMapping("/lines-of-connection")
		Flux<byte[]> linesOfConnection(ServerHttpRequest request) {
			return lines(this.signal.started(request));
		}

		private static Flux<byte[]> lines(Mono<Void> shutdown) {
			return Flux.interval(Duration.ofMillis(10))
				.onBackpressureDrop()
				.map((number) -> "line " + number)
				.takeUntilOther(shutdown)
				.concatWithValues("bye")
				.map((line) -> (line + "\n").getBytes(StandardCharsets.UTF_8));
		}

		@GetMapping("/slow")
		Flux<byte[]> slow() {
			return now().delaySubscription(Duration.ofMillis(1500));
		}

		@GetMapping("/now")
		Flux<byte[]> now() {
			return Flux.just("done".getBytes(StandardCharsets.UTF_8));
		}

	}

	static class Shutdowns {

		private final Queue<ApplicationEvent> events = new ConcurrentLinkedQueue<>();

		@EventListener({ Http3ShutdownStartedEvent.class, Http3ShutdownFinishedEvent.class })
		void add(ApplicationEvent event) {
			this.events.add(event);
		}

		ShutdownVerdict verdict() {
			return this.events.stream()
				.filter(Http3ShutdownFinishedEvent.class::isInstance)
				.map((event) -> ((Http3ShutdownFinishedEvent) event).getVerdict())
				.findFirst()
				.orElseThrow();
		}

	}

}
