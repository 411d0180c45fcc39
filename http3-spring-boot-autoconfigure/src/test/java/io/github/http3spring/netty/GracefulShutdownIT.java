package io.github.http3spring.netty;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.server.Http3ServerState;
import io.github.http3spring.server.ShutdownVerdict;
import io.github.http3spring.server.StuckRequest;
import io.github.http3spring.shutdown.ConnectionShutdown;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.ConnectionClosedException;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.StreamResetException;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireEvent;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.boot.web.server.GracefulShutdownResult;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Shutdown on a clean network, as a client sees it on the wire.
 */
class GracefulShutdownIT {

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final long REQUEST_REJECTED = 0x10b;

	private static final long REQUEST_CANCELLED = 0x10c;

	@AutoClose
	private final WireClient client = WireClient.create();

	@Test
	void newConnectionIsRefusedWhileShuttingDown() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireStream slow = connect(server).get("/slow?millis=700");
			server.awaitStarted(1);
			server.shutDown();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> connect(server))
				.havingCause()
				.isInstanceOfSatisfying(ConnectionClosedException.class,
						(ex) -> assertThat(ex.closeFrame()).isEqualTo(new CloseFrame(false, 0x02, "")));
			assertThat(get(slow.response()).status()).isEqualTo(200);
		}
	}

	@Test
	void connectionWithoutRequestIsClosedAfterOneGoAwayDelay() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection idle = connect(server);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			assertThat(get(idle.closed())).isEqualTo(NO_ERROR);
			assertThat(idle.goAwayIds()).containsExactly(ConnectionShutdown.MAX_REQUEST_STREAM_ID, 0L);
			Duration delay = between(event(idle, WireEvent.Type.GOAWAY), event(idle, WireEvent.Type.CONNECTION_CLOSE));
			assertThat(delay).isBetween(Duration.ofMillis(40), Duration.ofMillis(1500));
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
			assertThat(server.verdict().connections().completed()).isOne();
		}
	}

	@Test
	void requestAfterTheFirstGoAwayIsServed() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.goaway-delay=1s")) {
			WireConnection connection = connect(server);
			server.shutDown();
			get(connection.goAway(1));
			assertThat(get(connection.get("/hello").response()).bodyAsString()).isEqualTo("hello");
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(connection.goAwayIds()).containsExactly(ConnectionShutdown.MAX_REQUEST_STREAM_ID, 4L);
		}
	}

	@Test
	void requestAfterTheFinalGoAwayIsRejectedAndReachesNoHandler() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.goaway-delay=100ms")) {
			WireConnection connection = connect(server);
			WireStream slow = connection.get("/slow?millis=1500");
			server.awaitStarted(1);
			server.shutDown();
			get(connection.goAway(2));
			List<WireStream> late = new ArrayList<>();
			for (int number = 0; number < 5; number++) {
				late.add(connection.post("/count", 100_000));
			}
			for (WireStream stream : late) {
				assertReset(stream, REQUEST_REJECTED);
			}
			assertThat(get(slow.response()).bodyAsString()).isEqualTo("done");
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(server.started()).isOne();
			assertThat(connection.goAwayIds()).containsExactly(ConnectionShutdown.MAX_REQUEST_STREAM_ID, 4L);
			await().atMost(Duration.ofSeconds(5)).until(() -> server.server().getShutdownVerdict().isPresent());
			assertThat(server.verdict().requests().rejected()).isEqualTo(5);
			assertThat(server.verdict().requests().completed()).isOne();
		}
	}

	@Test
	void requestIsRejectedWhileAResponseWaitsForItsReader() throws Exception {
		WireOptions smallWindows = WireOptions.defaults().withWindows(200_000, 100_000);
		try (WireClient slowReader = WireClient.create(smallWindows);
				TestServer server = TestServer.start("http3.server.shutdown.linger=0")) {
			WireConnection connection = get(slowReader.connect(server.address()));
			WireStream download = connection.get("/bytes/8000000");
			get(download.headersReceived());
			download.pauseReading();
			server.shutDown();
			get(connection.goAway(2));
			assertReset(connection.get("/hello"), REQUEST_REJECTED);
			download.resumeReading();
			assertThat(get(download.response()).patternMatches()).isTrue();
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
		}
	}

	@Test
	void slowRequestsOnSeveralConnectionsAllFinish() throws Exception {
		try (TestServer server = TestServer.start()) {
			List<WireConnection> connections = new ArrayList<>();
			List<WireStream> requests = new ArrayList<>();
			for (int number = 0; number < 4; number++) {
				WireConnection connection = connect(server);
				connections.add(connection);
				for (int request = 0; request < 5; request++) {
					requests.add(connection.get("/slow?millis=1000"));
				}
			}
			server.awaitStarted(20);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			for (WireStream request : requests) {
				assertThat(get(request.response()).bodyAsString()).isEqualTo("done");
			}
			for (WireConnection connection : connections) {
				assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
				assertThat(connection.goAwayIds()).containsExactly(ConnectionShutdown.MAX_REQUEST_STREAM_ID, 20L);
			}
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
			ShutdownVerdict verdict = server.verdict();
			assertThat(verdict.connections().completed()).isEqualTo(4);
			assertThat(verdict.requests().completed()).isEqualTo(20);
			assertThat(verdict.isLossless()).isTrue();
		}
	}

	@Test
	void responsesInFlightArriveToTheLastByte() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.linger=0")) {
			List<WireStream> downloads = new ArrayList<>();
			for (int size : new int[] { 1_000_000, 8_000_000 }) {
				WireStream download = connect(server).get("/bytes/" + size);
				get(download.headersReceived());
				downloads.add(download);
			}
			server.shutDown();
			for (WireStream download : downloads) {
				assertThat(get(download.response()).patternMatches()).isTrue();
			}
			assertThat(get(downloads.get(0).response()).bodyLength()).isEqualTo(1_000_000);
			assertThat(get(downloads.get(1).response()).bodyLength()).isEqualTo(8_000_000);
		}
	}

	@Test
	void uploadInFlightIsReadToItsEnd() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			WireStream upload = connection.request("POST", "/count", Map.of());
			get(upload.write(new byte[1000]));
			server.awaitStarted(1);
			server.shutDown();
			get(connection.goAway(2));
			get(upload.writePattern(3_000_000));
			get(upload.finish());
			assertThat(get(upload.response()).bodyAsString()).isEqualTo("3001000");
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
		}
	}

	@Test
	void requestThatNeverEndsGets503OrAResetWhenTheGracePeriodIsOver() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.grace-period=500ms")) {
			WireConnection connection = connect(server);
			WireStream never = connection.get("/never");
			WireStream endless = connection.get("/events");
			get(endless.headersReceived());
			server.awaitStarted(2);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			WireResponse response = get(never.response());
			assertThat(response.status()).isEqualTo(503);
			assertThat(response.headers())
				.isEqualTo(Map.of("retry-after", List.of("1"), "content-length", List.of("0")));
			assertThat(response.bodyLength()).isZero();
			assertReset(endless, REQUEST_CANCELLED);
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(connection.goAwayIds()).containsExactly(ConnectionShutdown.MAX_REQUEST_STREAM_ID, 8L);
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.REQUESTS_ACTIVE);
			assertThat(server.verdict().requests().cancelled()).isEqualTo(2);
			assertThat(server.verdict().stuckRequests()).extracting(StuckRequest::path)
				.containsExactlyInAnyOrder("/never", "/events");
			assertThat(server.verdict().connections().atDeadline()).isOne();
			await().atMost(Duration.ofSeconds(5)).until(() -> server.cancelled() >= 2);
		}
	}

	@Test
	void answersResetsGoAwayAndCloseLeaveInOneFlightAtTheDeadline() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.goaway-delay=10s",
				"http3.server.shutdown.grace-period=500ms"); UdpProxy proxy = UdpProxy.to(server.address())) {
			WireConnection connection = get(this.client.connect(proxy.address()));
			WireStream never = connection.get("/never");
			WireStream endless = connection.get("/start-only");
			get(endless.headersReceived());
			for (Direction direction : Direction.values()) {
				proxy.delay(direction, Duration.ofMillis(250), Duration.ZERO);
			}
			server.shutDown();
			assertThat(get(never.response()).status()).isEqualTo(503);
			assertReset(endless, REQUEST_CANCELLED);
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			List<WireEvent> flight = connection.events()
				.stream()
				.filter((event) -> event.value() == 503 || event.value() == REQUEST_CANCELLED || event.value() == 8
						|| event.type() == WireEvent.Type.CONNECTION_CLOSE)
				.toList();
			assertThat(flight).extracting(WireEvent::type)
				.containsExactlyInAnyOrder(WireEvent.Type.HEADERS, WireEvent.Type.RESET_STREAM, WireEvent.Type.GOAWAY,
						WireEvent.Type.CONNECTION_CLOSE)
				.endsWith(WireEvent.Type.CONNECTION_CLOSE);
			// Far less than the round trip that it would take to wait for anything
			assertThat(between(flight.get(0), flight.get(3))).isLessThan(Duration.ofMillis(250));
		}
	}

	@Test
	void closeFollowsTheLastResponseByOneRoundTripAndTheAckDelay() throws Exception {
		try (TestServer server = TestServer.start(); UdpProxy proxy = UdpProxy.to(server.address())) {
			for (Direction direction : Direction.values()) {
				proxy.delay(direction, Duration.ofMillis(100), Duration.ZERO);
			}
			WireConnection connection = get(this.client.connect(proxy.address()));
			WireStream slow = connection.get("/slow?millis=1500");
			server.awaitStarted(1);
			server.shutDown();
			assertThat(get(slow.response()).bodyAsString()).isEqualTo("done");
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			Duration wait = between(event(connection, WireEvent.Type.FIN),
					event(connection, WireEvent.Type.CONNECTION_CLOSE));
			// 200 ms, at most 25 ms of delay of the acknowledgement, and some work
			assertThat(wait).isBetween(Duration.ofMillis(195), Duration.ofMillis(400));
		}
	}

	@Test
	void finalGoAwayComesWithTheCloseWhenTheGracePeriodIsShorterThanItsDelay() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.goaway-delay=10s",
				"http3.server.shutdown.grace-period=200ms")) {
			WireConnection connection = connect(server);
			WireStream never = connection.get("/never");
			server.awaitStarted(1);
			server.shutDown();
			assertThat(get(never.response()).status()).isEqualTo(503);
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(connection.goAwayIds()).containsExactly(ConnectionShutdown.MAX_REQUEST_STREAM_ID, 4L);
		}
	}

	@Test
	void immediateShutdownClosesEveryConnectionAtOnce() throws Exception {
		try (TestServer server = TestServer.start("server.shutdown=immediate")) {
			List<WireConnection> connections = List.of(connect(server), connect(server), connect(server));
			connections.get(0).get("/never");
			server.awaitStarted(1);
			assertThat(get(server.shutDown())).isEqualTo(GracefulShutdownResult.IMMEDIATE);
			server.stop();
			for (WireConnection connection : connections) {
				assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			}
			assertThat(server.verdict().connections().completed()).isEqualTo(2);
			assertThat(server.verdict().connections().atDeadline()).isOne();
		}
	}

	@Test
	void requestThatEndsBeforeTheShutdownComesToItsConnectionIsCounted() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.spread=2s", TestServer.ONE_WORKER)) {
			connect(server);
			WireConnection last = connect(server);
			WireStream slow = last.get("/slow?millis=200");
			server.awaitStarted(1);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			assertThat(get(slow.response()).status()).isEqualTo(200);
			assertThat(last.goAwayIds()).isEmpty();
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
			assertThat(server.verdict().requests().completed()).isOne();
		}
	}

	@Test
	void stopWithoutWaitingForTheGracefulShutdownCutsItShort() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			WireStream never = connection.get("/never");
			server.awaitStarted(1);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			get(connection.goAway(1));
			server.stop();
			assertThat(get(never.response()).status()).isEqualTo(503);
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.REQUESTS_ACTIVE);
			assertThat(server.server().getState()).isEqualTo(Http3ServerState.STOPPED);
		}
	}

	@Test
	void everyByteComesBeforeTheCloseAndTheSocketIsLast() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.goaway-delay=100ms")) {
			InetSocketAddress address = server.address();
			WireConnection connection = connect(server);
			WireStream slow = connection.get("/slow?millis=800");
			server.awaitStarted(1);
			get(server.shutDown());
			assertThat(get(slow.response()).status()).isEqualTo(200);
			get(connection.closed());
			assertThat(connection.events().stream().map(WireEvent::type)).containsSubsequence(WireEvent.Type.GOAWAY,
					WireEvent.Type.GOAWAY, WireEvent.Type.FIN, WireEvent.Type.CONNECTION_CLOSE);
			assertThatExceptionOfType(ExecutionException.class)
				.isThrownBy(() -> this.client.connect(address).get(10, TimeUnit.SECONDS))
				.havingCause()
				.isInstanceOf(ConnectionClosedException.class);
			server.stop();
			assertThat(server.server().getPort()).isEqualTo(-1);
		}
	}

	@Test
	void serverCanBeStartedAgain() throws Exception {
		try (TestServer server = TestServer.start()) {
			for (int round = 0; round < 3; round++) {
				assertThat(get(connect(server).get("/hello").response()).status()).isEqualTo(200);
				get(server.shutDown());
				server.stop();
				server.server().start();
				assertThat(server.server().getState()).isEqualTo(Http3ServerState.RUNNING);
			}
		}
	}

	private WireConnection connect(TestServer server) throws Exception {
		return get(this.client.connect(server.address()));
	}

	private static void assertReset(WireStream stream, long code) {
		CompletableFuture<WireResponse> response = stream.response();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(response))
			.havingCause()
			.isInstanceOfSatisfying(StreamResetException.class, (ex) -> assertThat(ex.code()).isEqualTo(code));
	}

	private static WireEvent event(WireConnection connection, WireEvent.Type type) {
		return connection.events().stream().filter((event) -> event.type() == type).findFirst().orElseThrow();
	}

	private static Duration between(WireEvent first, WireEvent second) {
		return Duration.ofNanos(second.nanos() - first.nanos());
	}

}
