package io.github.http3spring.netty;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.shutdown.CloseTiming;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.ConnectionClosedException;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.StreamResetException;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireStream;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.GracefulShutdownResult;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What clients see of a close and of a refusal when packets are lost.
 */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("captures the output")
class ClosingPeriodIT {

	private static final Log logger = LogFactory.getLog(ClosingPeriodIT.class);

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final CloseFrame REFUSED = new CloseFrame(false, 0x02, "");

	private static final long REQUEST_CANCELLED = 0x10c;

	@AutoClose
	private final WireClient client = WireClient.create();

	@Test
	void lostCloseIsSeenByAClientThatHasNothingToSend() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.goaway-delay=300ms");
				UdpProxy proxy = UdpProxy.to(server.address())) {
			WireConnection connection = connect(proxy);
			server.shutDown();
			get(connection.goAway(1));
			await().during(Duration.ofMillis(60)).until(() -> true);
			// The final GOAWAY and the close
			proxy.dropNext(Direction.TO_CLIENT, 2);
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(proxy.dropped(Direction.TO_CLIENT)).isEqualTo(2);
		}
	}

	@Test
	void lateRequestInTheClosingPeriodIsAnsweredWithTheClose() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.goaway-delay=300ms");
				UdpProxy proxy = UdpProxy.to(server.address())) {
			WireConnection connection = connect(proxy);
			proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(50), Duration.ZERO);
			server.shutDown();
			get(connection.goAway(2));
			proxy.dropNext(Direction.TO_CLIENT, 1);
			await().atMost(Duration.ofSeconds(5)).until(() -> proxy.dropped(Direction.TO_CLIENT) == 1);
			WireStream late = connection.get("/hello");
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(late.response()))
				.havingCause()
				.isInstanceOf(ConnectionClosedException.class);
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(server.started()).isZero();
		}
	}

	@Test
	void fullCongestionWindowDoesNotSwallowTheCloseAtTheDeadline() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.grace-period=500ms");
				UdpProxy proxy = UdpProxy.to(server.address())) {
			WireConnection connection = connect(proxy);
			for (Direction direction : Direction.values()) {
				proxy.delay(direction, Duration.ofMillis(100), Duration.ZERO);
			}
			WireStream download = connection.get("/bytes/50000000");
			get(download.headersReceived());
			assertThat(get(server.shutDown())).isEqualTo(GracefulShutdownResult.REQUESTS_ACTIVE);
			assertCutOff(download);
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
		}
	}

	@Test
	void fullCongestionWindowDoesNotSwallowTheCloseThoughNoAcknowledgementArrives() throws Exception {
		// The first or the second probe is due in the 300 ms after it
		Duration gracePeriod = Duration.ofMillis(100);
		// So that no flow control keeps the window from being full
		WireOptions options = WireOptions.defaults().withWindows(100_000_000, 100_000_000);
		try (WireClient greedy = WireClient.create(options);
				TestServer server = TestServer.start("http3.server.shutdown.grace-period=" + gracePeriod);
				UdpProxy proxy = UdpProxy.to(server.address())) {
			// Longer than the test takes to go on. Little is on its way then, and what
			// waits does not make the path look so long that no probe is due in time.
			for (Direction direction : Direction.values()) {
				proxy.delay(direction, Duration.ofMillis(20), Duration.ZERO);
			}
			WireConnection connection = get(greedy.connect(proxy.address()));
			for (int number = 0; number < 10; number++) {
				get(connection.get("/hello").response());
			}
			WireStream download = connection.get("/bytes/50000000");
			get(download.headersReceived());
			long start = System.nanoTime();
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			proxy.drop(Direction.TO_SERVER, 1);
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			// With a probe, not at the end of the wait
			assertThat(Duration.ofNanos(System.nanoTime() - start))
				.isLessThan(gracePeriod.plus(CloseTiming.LAST_ATTEMPT));
			assertCutOff(download);
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.REQUESTS_ACTIVE);
		}
	}

	@Test
	void closeAtTheDeadlineIsSeenAlthoughEveryFifthPacketIsLost() throws Exception {
		int count = 20;
		try (TestServer server = TestServer.start("http3.server.shutdown.grace-period=500ms");
				UdpProxy proxy = UdpProxy.to(server.address(), 11)) {
			List<WireConnection> connections = new ArrayList<>();
			List<WireStream> responses = new ArrayList<>();
			for (int number = 0; number < count; number++) {
				WireConnection connection = connect(proxy);
				connections.add(connection);
				responses.add(connection.get("/start-only"));
			}
			for (WireStream response : responses) {
				get(response.headersReceived());
			}
			for (Direction direction : Direction.values()) {
				proxy.drop(direction, 0.2);
			}
			assertThat(get(server.shutDown())).isEqualTo(GracefulShutdownResult.REQUESTS_ACTIVE);
			for (WireStream response : responses) {
				assertCutOff(response);
			}
			for (WireConnection connection : connections) {
				assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			}
			assertThat(server.verdict().connections().atDeadline()).isEqualTo(count);
		}
	}

	@Test
	void closeOfAnIdleConnectionIsSeenAlthoughEveryFifthPacketIsLost() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.goaway-delay=500ms");
				UdpProxy proxy = UdpProxy.to(server.address(), 12)) {
			List<WireConnection> connections = new ArrayList<>();
			for (int number = 0; number < 50; number++) {
				connections.add(connect(proxy));
			}
			server.shutDown();
			for (WireConnection connection : connections) {
				get(connection.goAway(1));
			}
			for (Direction direction : Direction.values()) {
				proxy.drop(direction, 0.2);
			}
			for (WireConnection connection : connections) {
				assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			}
		}
	}

	@Test
	void refusalTakesAboutOneRoundTrip() throws Exception {
		try (TestServer server = TestServer.start(); UdpProxy proxy = UdpProxy.to(server.address())) {
			connect(proxy).get("/never");
			await().atMost(Duration.ofSeconds(5)).until(() -> server.started() == 1);
			server.shutDown();
			for (Direction direction : Direction.values()) {
				proxy.delay(direction, Duration.ofMillis(150), Duration.ZERO);
			}
			long start = System.nanoTime();
			assertRefused(this.client.connect(proxy.address()));
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(300),
					Duration.ofMillis(500));
		}
	}

	@Test
	void socketIsNotClosedBeforeTheLastClosingPeriodIsOver() throws Exception {
		try (TestServer server = TestServer.start("server.shutdown=immediate");
				UdpProxy proxy = UdpProxy.to(server.address())) {
			WireConnection connection = connect(proxy);
			proxy.dropNext(Direction.TO_CLIENT, 2);
			server.stop();
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
		}
	}

	@Test
	void closingPeriodOfALongPathLastsThreeProbeTimeouts() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.goaway-delay=100ms");
				UdpProxy proxy = UdpProxy.to(server.address())) {
			assertThat(closingPeriod(server, proxy)).isGreaterThan(Duration.ofMillis(3 * (200 + 25) - 100));
		}
	}

	@Test
	void closingPeriodIsShortenedWhenTimeIsOver() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.goaway-delay=100ms",
				"http3.server.shutdown.grace-period=150ms"); UdpProxy proxy = UdpProxy.to(server.address())) {
			assertThat(closingPeriod(server, proxy)).isLessThan(Duration.ofMillis(700));
		}
	}

	/**
	 * Return how long the server's shutdown takes after the close of a connection with a
	 * round-trip time of 200 ms was seen by its client, which is 100 ms after it was
	 * sent.
	 */
	private Duration closingPeriod(TestServer server, UdpProxy proxy) throws Exception {
		for (Direction direction : Direction.values()) {
			proxy.delay(direction, Duration.ofMillis(100), Duration.ZERO);
		}
		WireConnection connection = connect(proxy);
		CompletableFuture<GracefulShutdownResult> result = server.shutDown();
		assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
		long closed = System.nanoTime();
		assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
		return Duration.ofNanos(System.nanoTime() - closed);
	}

	@Test
	void refusalIsSeenAlthoughPacketsAreLost() throws Exception {
		try (TestServer server = TestServer.start(); UdpProxy proxy = UdpProxy.to(server.address(), 7)) {
			connect(proxy).get("/never");
			await().atMost(Duration.ofSeconds(5)).until(() -> server.started() == 1);
			server.shutDown();
			for (Direction direction : Direction.values()) {
				proxy.drop(direction, 0.05);
			}
			List<CompletableFuture<WireConnection>> attempts = new ArrayList<>();
			for (int number = 0; number < 40; number++) {
				attempts.add(this.client.connect(proxy.address()));
			}
			for (CompletableFuture<WireConnection> attempt : attempts) {
				assertRefused(attempt);
			}
		}
	}

	@Test
	void firstFlightOfARefusalThatIsLostIsRepeated() throws Exception {
		try (TestServer server = TestServer.start(); UdpProxy proxy = UdpProxy.to(server.address())) {
			connect(proxy).get("/never");
			await().atMost(Duration.ofSeconds(5)).until(() -> server.started() == 1);
			server.shutDown();
			proxy.dropNext(Direction.TO_CLIENT, 3);
			assertRefused(this.client.connect(proxy.address()));
		}
	}

	@Test
	void burstOfConnectionsIsRefusedToTheLastAtASmallPriceAndWithoutAWord(CapturedOutput output) throws Exception {
		int count = 1000;
		try (TestServer server = TestServer.start("http3.server.shutdown.grace-period=1m", TestServer.ONE_WORKER)) {
			WireConnection connection = get(this.client.connect(server.address()));
			connection.get("/never");
			await().atMost(Duration.ofSeconds(5)).until(() -> server.started() == 1);
			server.shutDown();
			get(connection.goAway(2));
			List<String> before = logged(output);
			long cpuTime = cpuTime(server);
			List<CompletableFuture<WireConnection>> attempts = new ArrayList<>();
			for (int number = 0; number < count; number++) {
				attempts.add(this.client.connect(server.address()));
			}
			for (CompletableFuture<WireConnection> attempt : attempts) {
				assertRefused(attempt);
			}
			long micros = (cpuTime(server) - cpuTime) / 1000 / count;
			assertThat(logged(output)).isEqualTo(before);
			logger.info("Refusal: " + micros + " us of CPU time each");
			assertThat(micros).isLessThan(10_000);
			assertThat(connection.closed()).isNotDone();
			server.stop();
			// A client that was refused may try once more before it knows
			assertThat(server.verdict().connections().refused()).isBetween((long) count, count + count / 10L);
		}
	}

	private static List<String> logged(CapturedOutput output) {
		return output.getAll().lines().filter((line) -> !line.contains("HTTP/3 shutdown waits")).toList();
	}

	private static long cpuTime(TestServer server) throws Exception {
		return server.eventLoop()
			.submit(() -> ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime())
			.get(5, TimeUnit.SECONDS);
	}

	private WireConnection connect(UdpProxy proxy) throws Exception {
		return get(this.client.connect(proxy.address()));
	}

	/**
	 * Assert that a response was reset. The close may have come first, which means the
	 * same (RFC 9000 section 10.2).
	 */
	private static void assertCutOff(WireStream stream) {
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(stream.response()))
			.havingCause()
			.satisfiesAnyOf(
					(ex) -> assertThat(ex).isInstanceOfSatisfying(StreamResetException.class,
							(reset) -> assertThat(reset.code()).isEqualTo(REQUEST_CANCELLED)),
					(ex) -> assertThat(ex).isInstanceOfSatisfying(ConnectionClosedException.class,
							(closed) -> assertThat(closed.closeFrame()).isEqualTo(NO_ERROR)));
	}

	private static void assertRefused(CompletableFuture<WireConnection> attempt) {
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(attempt))
			.havingCause()
			.isInstanceOfSatisfying(ConnectionClosedException.class,
					(ex) -> assertThat(ex.closeFrame()).isEqualTo(REFUSED));
	}

}
