package io.github.http3spring;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.http3spring.context.ReadinessWatch;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * An application that is closed and goes on serving, as clients of both servers see it.
 */
@Timeout(60)
class PreShutdownDelayIT {

	private static final String DELAY = "http3.server.shutdown.pre-shutdown-delay=";

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	@TempDir
	static Path directory;

	private static Path keyStore;

	private final TestHttpClient tcp = new TestHttpClient();

	private final WireClient client = WireClient.create();

	@BeforeAll
	static void createKeyStore() throws Exception {
		keyStore = TestKeyStore.create(directory.resolve("server.p12"), "localhost");
	}

	@AfterEach
	void closeClients() {
		this.client.close();
		this.tcp.close();
	}

	@Test
	void applicationServesOnBeforeItShutsDown() throws Exception {
		Duration delay = Duration.ofSeconds(2);
		ConfigurableApplicationContext context = TestApplication.builder(keyStore)
			.properties(DELAY + delay)
			.sources(ThreadPoolTaskScheduler.class)
			.run();
		int tcpPort = TestApplication.tcpPort(context);
		WireConnection open = connect(context);
		long start = System.nanoTime();
		CompletableFuture<Void> closed = close(context);
		await().pollInterval(Duration.ofMillis(5))
			.atMost(delay)
			.until(() -> context.getBean(ReadinessWatch.class).isWithdrawn());

		assertThat(get(open.get("/hello").response()).bodyAsString()).isEqualTo("hello");
		WireConnection fresh = connect(context);
		assertThat(get(fresh.get("/hello").response()).bodyAsString()).isEqualTo("hello");
		assertThat(TestHttpClient.get(this.tcp.tcp(tcpPort), "/hello")).isEqualTo("hello");
		assertThat(TestHttpClient.headers(this.tcp.tcp(tcpPort), "/hello").get("Alt-Svc")).isEqualTo("clear");
		assertThat(context.getBean(ThreadPoolTaskScheduler.class).submit(() -> "done")).succeedsWithin(delay);
		assertThat(open.goAwayIds()).isEmpty();

		get(open.goAway(1));
		assertThat(elapsed(start)).isBetween(delay, delay.plusSeconds(2));
		assertThat(get(open.closed())).isEqualTo(NO_ERROR);
		assertThat(get(fresh.closed())).isEqualTo(NO_ERROR);
		get(closed);
	}

	@Test
	void idleConnectionOverHttp2IsClosedWhenReadinessIsWithdrawnAndOneInUseIsNot() throws Exception {
		Duration delay = Duration.ofSeconds(3);
		ConfigurableApplicationContext context = TestApplication.builder(keyStore)
			.sources(HeldRequests.class)
			.properties(DELAY + delay, "server.http2.enabled=true")
			.run();
		HeldRequests held = context.getBean(HeldRequests.class);
		int tcpPort = TestApplication.tcpPort(context);
		CompletableFuture<Void> idleEnded = new CompletableFuture<>();
		CompletableFuture<Void> busyEnded = new CompletableFuture<>();
		try (TestHttpClient busy = new TestHttpClient()) {
			assertThat(TestHttpClient.get(closing(this.tcp, tcpPort, idleEnded), "/hello")).isEqualTo("hello");
			CompletableFuture<String> response = closing(busy, tcpPort, busyEnded).get()
				.uri("/held")
				.responseContent()
				.aggregate()
				.asString()
				.toFuture();
			get(held.begun);
			CompletableFuture<Void> closed = close(context);
			assertThat(idleEnded).succeedsWithin(delay.dividedBy(2));
			assertThat(TestHttpClient.get(this.tcp.http2(tcpPort), "/hello")).isEqualTo("hello");
			assertThat(busyEnded).isNotDone();
			held.end.complete("done");
			assertThat(get(response)).isEqualTo("done");
			get(closed);
		}
	}

	private static HttpClient closing(TestHttpClient client, int port, CompletableFuture<Void> ended) {
		return client.http2(port)
			.doOnChannelInit((observer, channel, address) -> channel.closeFuture()
				.addListener((future) -> ended.complete(null)));
	}

	@Test
	void gracePeriodBeginsWhenTheDelayIsOver() throws Exception {
		ConfigurableApplicationContext context = TestApplication.start(keyStore, DELAY + "500ms",
				"http3.server.shutdown.grace-period=1s");
		WireConnection connection = connect(context);
		WireStream never = connection.get("/never");
		long start = System.nanoTime();
		CompletableFuture<Void> closed = close(context);
		assertThat(get(never.response()).status()).isEqualTo(503);
		assertThat(elapsed(start)).isGreaterThanOrEqualTo(Duration.ofMillis(1500));
		assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
		get(closed);
	}

	@Test
	void shutdownStartsAtOnceByDefault() throws Exception {
		assertShutDownAtOnce(TestApplication.start(keyStore));
	}

	@Test
	void immediateShutdownIsNotDelayed() throws Exception {
		assertShutDownAtOnce(TestApplication.start(keyStore, DELAY + "20s", "server.shutdown=immediate"));
	}

	@Test
	void restartIsNotDelayed() throws Exception {
		try (ConfigurableApplicationContext context = TestApplication.start(keyStore, DELAY + "2s")) {
			long start = System.nanoTime();
			context.stop();
			assertThat(elapsed(start)).isLessThan(Duration.ofMillis(1500));
			context.start();
			assertThat(get(connect(context).get("/hello").response()).status()).isEqualTo(200);
		}
	}

	@Test
	void startThatFailsIsNotDelayed() {
		SpringApplicationBuilder application = TestApplication.builder(keyStore)
			.properties(DELAY + "20s")
			.initializers((context) -> context.getBeanFactory()
				.registerSingleton("failure", (ApplicationRunner) (arguments) -> {
					throw new IllegalStateException("as the test wants it");
				}));
		long start = System.nanoTime();
		assertThatException().isThrownBy(application::run).withMessageContaining("as the test wants it");
		assertThat(elapsed(start)).isLessThan(Duration.ofSeconds(15));
	}

	private void assertShutDownAtOnce(ConfigurableApplicationContext context) throws Exception {
		WireConnection connection = connect(context);
		long start = System.nanoTime();
		CompletableFuture<Void> closed = close(context);
		assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
		get(closed);
		assertThat(elapsed(start)).isLessThan(Duration.ofSeconds(10));
	}

	private static CompletableFuture<Void> close(ConfigurableApplicationContext context) {
		// A thread of its own: the common pool may have no more than one
		return CompletableFuture.runAsync(context::close, (task) -> new Thread(task, "close").start());
	}

	private WireConnection connect(ConfigurableApplicationContext context) throws Exception {
		return get(this.client
			.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), TestApplication.http3Port(context))));
	}

	private static Duration elapsed(long start) {
		return Duration.ofNanos(System.nanoTime() - start);
	}

	/**
	 * A handler that answers when it is told to.
	 */
	@Configuration(proxyBeanMethods = false)
	static class HeldRequests {

		final CompletableFuture<Void> begun = new CompletableFuture<>();

		final CompletableFuture<String> end = new CompletableFuture<>();

		@Bean
		RouterFunction<ServerResponse> held() {
			return RouterFunctions.route().GET("/held", (request) -> {
				this.begun.complete(null);
				return Mono.fromFuture(this.end).flatMap((text) -> ServerResponse.ok().bodyValue(text));
			}).build();
		}

	}

}
