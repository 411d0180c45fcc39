package io.github.http3spring.netty;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.server.ShutdownVerdict;
import io.github.http3spring.server.StuckRequest;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import org.springframework.boot.web.server.GracefulShutdownResult;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Connections that end otherwise than by the shutdown, and what the verdict says of that.
 */
@Execution(ExecutionMode.CONCURRENT)
class LostConnectionIT {

	private static final Duration GRACE_PERIOD = Duration.ofSeconds(30);

	private static final Duration LONG_ENOUGH = Duration.ofSeconds(15);

	@AutoClose
	private final WireClient client = WireClient.create();

	@Test
	void clientThatVanishesWithAResponseOnItsWayDoesNotHoldTheGracePeriod() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.grace-period=" + GRACE_PERIOD);
				UdpProxy proxy = UdpProxy.to(server.address())) {
			WireConnection connection = get(this.client.connect(proxy.address()));
			WireConnection healthy = get(this.client.connect(server.address()));
			WireStream download = connection.get("/bytes/50000000");
			get(download.headersReceived());
			vanish(proxy);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			assertThat(result.get(LONG_ENOUGH.toMillis(), TimeUnit.MILLISECONDS))
				.isEqualTo(GracefulShutdownResult.REQUESTS_ACTIVE);
			assertThat(get(healthy.closed())).isEqualTo(new CloseFrame(true, 0x100, ""));
			ShutdownVerdict verdict = server.verdict();
			assertThat(verdict.connections().vanished()).isOne();
			assertThat(verdict.connections().completed()).isOne();
			assertThat(verdict.requests().lost()).isOne();
			assertThat(verdict.isLossless()).isFalse();
			assertThat(verdict.stuckRequests()).singleElement().satisfies((request) -> {
				assertThat(request.reason()).isEqualTo(StuckRequest.Reason.VANISHED);
				assertThat(request.path()).isEqualTo("/bytes/50000000");
			});
			assertThat(server.server().getTotals().connections().vanished()).isOne();
		}
	}

	@Test
	void responseThatIsNotAcknowledgedIsLostWithItsClient() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.grace-period=" + GRACE_PERIOD);
				UdpProxy proxy = UdpProxy.to(server.address())) {
			vanishBeforeTheResponse(server, proxy);
			assertThat(server.shutDown().get(LONG_ENOUGH.toMillis(), TimeUnit.MILLISECONDS))
				.isEqualTo(GracefulShutdownResult.REQUESTS_ACTIVE);
			ShutdownVerdict verdict = server.verdict();
			assertThat(verdict.connections().vanished()).isOne();
			assertThat(verdict.requests().lost()).isOne();
			assertThat(verdict.requests().completed()).isZero();
			assertThat(verdict.stuckRequests()).isEmpty();
		}
	}

	/**
	 * Probes leave about 0.03, 0.1, 0.2, 0.5, 0.9, 1.9 and 3.8 s after the response, the
	 * first as one packet and the others as two.
	 */
	@Test
	void clientThatWasGoneBeforeTheShutdownHoldsItForLess() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.grace-period=" + GRACE_PERIOD);
				UdpProxy proxy = UdpProxy.to(server.address())) {
			vanishBeforeTheResponse(server, proxy);
			await().atMost(LONG_ENOUGH).until(() -> proxy.dropped(Direction.TO_CLIENT) >= 12);
			long start = System.nanoTime();
			assertThat(get(server.shutDown())).isEqualTo(GracefulShutdownResult.REQUESTS_ACTIVE);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(2),
					Duration.ofMillis(7500));
			assertThat(server.verdict().connections().vanished()).isOne();
			assertThat(server.verdict().requests().lost()).isOne();
		}
	}

	@Test
	void clientThatAnswersIsWaitedForThoughEveryFifthPacketIsLostAndItsWayIsLong() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.grace-period=" + GRACE_PERIOD);
				UdpProxy proxy = UdpProxy.to(server.address(), 5)) {
			WireConnection connection = get(this.client.connect(proxy.address()));
			WireStream slow = connection.get("/slow?millis=10000");
			server.awaitStarted(1);
			for (Direction direction : Direction.values()) {
				proxy.drop(direction, 0.2);
				proxy.delay(direction, Duration.ofMillis(100), Duration.ZERO);
			}
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			assertThat(slow.response().get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
			assertThat(result.get(LONG_ENOUGH.toMillis(), TimeUnit.MILLISECONDS))
				.isEqualTo(GracefulShutdownResult.IDLE);
			assertThat(server.verdict().connections().completed()).isOne();
		}
	}

	@Test
	void requestThatTakesLongerThanTheIdleTimeoutOfItsClientIsAnsweredDuringTheShutdown() throws Exception {
		WireOptions options = WireOptions.defaults().withMaxIdleTimeout(Duration.ofSeconds(2));
		try (WireClient impatient = WireClient.create(options);
				TestServer server = TestServer.start("http3.server.shutdown.grace-period=" + GRACE_PERIOD)) {
			WireConnection connection = get(impatient.connect(server.address()));
			WireStream slow = connection.get("/slow?millis=5000");
			server.awaitStarted(1);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			assertThat(get(slow.response()).status()).isEqualTo(200);
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
			assertThat(server.verdict().requests().completed()).isOne();
		}
	}

	@Test
	void requestOfAConnectionThatTimesOutIsNamed() throws Exception {
		WireOptions options = WireOptions.defaults().withMaxIdleTimeout(Duration.ofSeconds(2));
		try (WireClient impatient = WireClient.create(options);
				TestServer server = TestServer.start("http3.server.shutdown.grace-period=" + GRACE_PERIOD);
				UdpProxy proxy = UdpProxy.to(server.address())) {
			WireConnection connection = get(impatient.connect(proxy.address()));
			WireStream never = connection.get("/never");
			server.awaitStarted(1);
			vanish(proxy);
			assertThat(get(server.shutDown())).isEqualTo(GracefulShutdownResult.REQUESTS_ACTIVE);
			assertLost(server, never, StuckRequest.Reason.TIMED_OUT);
			assertThat(server.verdict().connections().timedOut()).isOne();
		}
	}

	@Test
	void requestWhoseClientClosesTheConnectionIsNamed() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.grace-period=" + GRACE_PERIOD)) {
			WireConnection connection = get(this.client.connect(server.address()));
			WireStream never = connection.get("/never");
			server.awaitStarted(1);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			get(connection.goAway(1));
			connection.close();
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.REQUESTS_ACTIVE);
			assertLost(server, never, StuckRequest.Reason.CLOSED_BY_PEER);
			assertThat(server.verdict().connections().closedByPeer()).isOne();
		}
	}

	@Test
	void requestWhoseClientBreaksTheProtocolIsNamed() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.grace-period=" + GRACE_PERIOD)) {
			WireConnection connection = get(this.client.connect(server.address()));
			WireStream never = connection.get("/never");
			server.awaitStarted(1);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			get(connection.goAway(1));
			// SETTINGS on a request stream (RFC 9114 section 7.2.4)
			connection.openSilently().raw(new byte[] { 4, 0 });
			assertThat(get(connection.closed()).errorCode()).isEqualTo(0x105);
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.REQUESTS_ACTIVE);
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(never.response()));
			// The request with the error may have been cancelled before
			assertThat(server.verdict().requests().lost()).isBetween(1L, 2L);
			assertThat(server.verdict().stuckRequests())
				.allMatch((request) -> request.reason() == StuckRequest.Reason.CLOSED_BY_PEER)
				.anyMatch((request) -> request.path().equals("/never"));
		}
	}

	private static void assertLost(TestServer server, WireStream request, StuckRequest.Reason reason) {
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(request.response()));
		ShutdownVerdict verdict = server.verdict();
		assertThat(verdict.isLossless()).isFalse();
		assertThat(verdict.requests().lost()).isOne();
		assertThat(verdict).asString().startsWith("incomplete").endsWith("1 cancelled (1 lost)");
		assertThat(verdict.stuckRequests()).singleElement().satisfies((stuck) -> {
			assertThat(stuck.path()).isEqualTo("/never");
			assertThat(stuck.reason()).isEqualTo(reason);
		});
	}

	/**
	 * Let a client vanish that has sent a request and will get no response.
	 */
	private void vanishBeforeTheResponse(TestServer server, UdpProxy proxy) throws Exception {
		WireConnection connection = get(this.client.connect(proxy.address()));
		get(connection.get("/hello").response());
		connection.get("/slow?millis=200");
		server.awaitStarted(2);
		vanish(proxy);
	}

	private static void vanish(UdpProxy proxy) {
		for (Direction direction : Direction.values()) {
			proxy.dropAll(direction);
		}
	}

}
