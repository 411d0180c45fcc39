package io.github.http3spring.netty;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.TestContextRunner;
import io.github.http3spring.TestKeyStore;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ServerState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import org.springframework.boot.context.annotation.Configurations;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.reactive.context.AnnotationConfigReactiveWebApplicationContext;
import org.springframework.boot.web.server.GracefulShutdownResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the life of {@link NettyHttp3Server}, from outside.
 */
@Timeout(60)
@Isolated("counts threads")
class NettyHttp3ServerTests {

	private static final int TIMEOUT_SECONDS = 10;

	@TempDir
	static Path directory;

	private static Path keyStore;

	private final List<AnnotationConfigReactiveWebApplicationContext> contexts = new ArrayList<>();

	private Http3Server server;

	@BeforeAll
	static void createKeyStore() throws Exception {
		keyStore = TestKeyStore.create(directory.resolve("server.p12"), "localhost");
	}

	@BeforeEach
	void createServer() {
		this.server = server();
	}

	@AfterEach
	void closeContexts() {
		this.contexts.forEach(AnnotationConfigReactiveWebApplicationContext::close);
	}

	@Test
	void serverThatWasNotStartedListensNowhere() {
		assertThat(this.server.getPort()).isEqualTo(-1);
		assertThat(this.server.getState()).isEqualTo(Http3ServerState.STOPPED);
		assertThat(this.server.getRuntime().transport()).isNull();
		assertThat(this.server.getRuntime().receiveBufferSize()).isNull();
		assertThat(eventLoops()).isEmpty();
	}

	@Test
	void serverThatWasNotStartedIsShutDownAtOnce() {
		assertThat(shutDown()).isCompletedWithValue(GracefulShutdownResult.IMMEDIATE);
		this.server.stop();
		assertThat(this.server.getState()).isEqualTo(Http3ServerState.STOPPED);
	}

	@Test
	void serverThatHasStoppedIsShutDownAtOnce() {
		this.server.start();
		this.server.stop();
		assertThat(shutDown()).isCompletedWithValue(GracefulShutdownResult.IMMEDIATE);
		assertThat(this.server.getState()).isEqualTo(Http3ServerState.STOPPED);
	}

	@Test
	void startingTwiceIsANoOp() {
		this.server.start();
		int port = this.server.getPort();
		this.server.start();
		assertThat(this.server.getPort()).isEqualTo(port);
	}

	@Test
	void stoppingTwiceIsANoOp() {
		this.server.start();
		this.server.stop();
		this.server.stop();
		assertThat(this.server.getState()).isEqualTo(Http3ServerState.STOPPED);
	}

	@Test
	void stopLeavesNoEventLoop() {
		this.server.start();
		assertThat(eventLoops()).isNotEmpty();
		this.server.stop();
		await().atMost(Duration.ofSeconds(TIMEOUT_SECONDS)).untilAsserted(() -> assertThat(eventLoops()).isEmpty());
		assertThat(this.server.getPort()).isEqualTo(-1);
	}

	@Test
	void serverStartsAgain() throws Exception {
		this.server.start();
		this.server.stop();
		this.server.start();
		assertThat(this.server.getState()).isEqualTo(Http3ServerState.RUNNING);
		assertThat(QuicPeer.certificate(this.server.getPort())).isNotNull();
	}

	@Test
	void serverStartsAgainAfterAGracefulShutdown() throws Exception {
		this.server.start();
		shutDown().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
		this.server.stop();
		this.server.start();
		assertThat(this.server.getState()).isEqualTo(Http3ServerState.RUNNING);
		assertThat(QuicPeer.certificate(this.server.getPort())).isNotNull();
	}

	@Test
	void shutdownWithoutConnectionsIsIdle() throws Exception {
		this.server.start();
		CompletableFuture<GracefulShutdownResult> result = shutDown();
		assertThat(this.server.getState()).isEqualTo(Http3ServerState.SHUTTING_DOWN);
		assertThat(result.get(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isEqualTo(GracefulShutdownResult.IDLE);
		assertThat(this.server.getState()).isEqualTo(Http3ServerState.SHUTTING_DOWN);
	}

	@Test
	void everyRequestForAShutdownIsAnswered() throws Exception {
		this.server.start();
		try (QuicPeer peer = QuicPeer.connect(this.server.getPort())) {
			CompletableFuture<GracefulShutdownResult> first = shutDown();
			CompletableFuture<GracefulShutdownResult> second = shutDown();
			assertThat(first.get(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isEqualTo(GracefulShutdownResult.IDLE);
			assertThat(second.get(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isEqualTo(GracefulShutdownResult.IDLE);
			// As when the application has shut the server down before its context closes
			CompletableFuture<GracefulShutdownResult> third = shutDown();
			assertThat(third.get(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isEqualTo(GracefulShutdownResult.IDLE);
			assertThat(peer.certificate()).isNotNull();
		}
	}

	@Test
	void stopEndsAShutdownThatIsUnderWay() throws Exception {
		this.server.start();
		try (QuicPeer peer = QuicPeer.connect(this.server.getPort())) {
			CompletableFuture<GracefulShutdownResult> result = shutDown();
			this.server.stop();
			assertThat(result.get(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isNotEqualTo(GracefulShutdownResult.IMMEDIATE);
			assertThat(peer.certificate()).isNotNull();
		}
	}

	@Test
	void immediateShutdownIsLeftToStop() {
		this.server = server("server.shutdown=immediate");
		this.server.start();
		assertThat(shutDown()).isCompletedWithValue(GracefulShutdownResult.IMMEDIATE);
		assertThat(this.server.getPort()).isPositive();
		this.server.stop();
		assertThat(this.server.getState()).isEqualTo(Http3ServerState.STOPPED);
	}

	private CompletableFuture<GracefulShutdownResult> shutDown() {
		CompletableFuture<GracefulShutdownResult> result = new CompletableFuture<>();
		this.server.shutDownGracefully(result::complete);
		return result;
	}

	private static List<String> eventLoops() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("http3-"))
			.toList();
	}

	/**
	 * Return a server as the application gets it. Its context starts nothing.
	 */
	private Http3Server server(String... properties) {
		AnnotationConfigReactiveWebApplicationContext context = new AnnotationConfigReactiveWebApplicationContext();
		this.contexts.add(context);
		TestPropertyValues.of(TestContextRunner.tls(keyStore))
			.and("server.address=127.0.0.1", "http3.server.port=0", "http3.server.shutdown.grace-period=5s",
					"spring.lifecycle.timeout-per-shutdown-phase=6s")
			.and(properties)
			.applyTo(context);
		context.register(Configurations.getClasses(TestContextRunner.autoConfigurations()));
		context.refresh();
		return context.getBean(Http3Server.class);
	}

}
