package io.github.http3spring.netty;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.TestKeyStore;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ServerState;
import io.github.http3spring.shutdown.ShutdownPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.jks.JksSslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreDetails;
import org.springframework.boot.web.server.GracefulShutdownResult;
import org.springframework.boot.web.server.Shutdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the life of {@link NettyHttp3Server}, from outside.
 */
@Timeout(60)
class NettyHttp3ServerTests {

	private static final int TIMEOUT_SECONDS = 10;

	@TempDir
	static Path directory;

	private static ReloadableQuicSslContext sslContext;

	private Http3Server server = server(Shutdown.GRACEFUL);

	@BeforeAll
	static void createSslContext() throws Exception {
		Path keyStore = TestKeyStore.create(directory.resolve("server.p12"), "localhost");
		JksSslStoreDetails details = JksSslStoreDetails.forLocation(keyStore.toString())
			.withPassword(TestKeyStore.PASSWORD);
		sslContext = new ReloadableQuicSslContext(SslBundle.of(new JksSslStoreBundle(details, null)), null);
	}

	@AfterEach
	void stop() {
		this.server.stop();
	}

	@Test
	void serverThatWasNotStartedListensNowhere() {
		assertThat(this.server.getPort()).isEqualTo(-1);
		assertThat(this.server.getState()).isEqualTo(Http3ServerState.STOPPED);
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
		this.server = server(Shutdown.IMMEDIATE);
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

	private static Http3Server server(Shutdown shutdown) {
		QuicSettings quic = new QuicSettings(Duration.ofSeconds(30), 1 << 20, 1 << 20, 1 << 20, 1 << 18, 100, 16, null,
				3, Duration.ofMillis(25), 4, true, QuicSettings.CongestionControl.CUBIC, 10, true);
		Http3ServerSettings settings = new Http3ServerSettings(InetAddress.getLoopbackAddress(), () -> 0, false, quic,
				shutdown, new ShutdownPolicy(Optional.empty(), Duration.ofSeconds(5)));
		return new NettyHttp3ServerFactory(settings, sslContext, List.of(), List.of(), List.of())
			.getHttp3Server((request, response) -> Mono.empty());
	}

}
