package io.github.http3spring.netty;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

import io.github.http3spring.server.Http3ServerSnapshot;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.ConnectionClosedException;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.StreamResetException;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What the server refuses so that clients cannot exhaust it.
 */
class ServerLimitsIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	@AutoClose
	private final WireClient client = WireClient.create();

	@Test
	void connectionsAboveTheLimitAreRefusedUntilOneHasEnded() throws Exception {
		try (TestServer server = TestServer.start("http3.server.max-connections=2")) {
			WireConnection first = connect(server);
			WireConnection second = connect(server);
			for (int attempt = 0; attempt < 3; attempt++) {
				assertRefused(this.client.connect(server.address()));
			}
			assertThat(server.server().getTotals().connections().refused()).isEqualTo(3);
			assertThat(get(second.get("/hello").response()).status()).isEqualTo(200);
			first.close();
			await().atMost(TIMEOUT).until(() -> server.server().getTotals().connections().active() == 1);
			assertThat(get(connect(server).get("/hello").response()).status()).isEqualTo(200);
			assertThat(server.server().getTotals().connections().handshakeFailures()).isZero();
		}
	}

	@Test
	void requestsAboveTheLimitOfTheServerAreRejectedOfConnectionsThatHaveAnEqualPart() throws Exception {
		try (TestServer server = TestServer.start("http3.server.max-open-requests=4")) {
			WireConnection greedy = connect(server);
			List<WireStream> open = IntStream.range(0, 4)
				.mapToObj((number) -> greedy.get("/slow?millis=1500"))
				.toList();
			await().atMost(TIMEOUT).until(() -> server.started() == 4);
			assertRejected(greedy.get("/hello"));
			WireConnection modest = connect(server);
			assertThat(get(modest.get("/hello").response()).status()).isEqualTo(200);
			WireStream first = modest.get("/slow?millis=500");
			WireStream second = modest.get("/slow?millis=500");
			await().atMost(TIMEOUT).until(() -> server.started() == 7);
			assertThat(server.server().getMemoryUsage().openRequests()).isEqualTo(6);
			assertRejected(modest.get("/hello"));
			assertThat(server.server().getTotals().requests().rejected()).isEqualTo(2);
			assertThat(get(first.response()).status()).isEqualTo(200);
			assertThat(get(second.response()).status()).isEqualTo(200);
			for (WireStream stream : open) {
				assertThat(get(stream.response()).status()).isEqualTo(200);
			}
			await().atMost(TIMEOUT).until(() -> server.server().getMemoryUsage().openRequests() == 0);
			assertThat(get(greedy.get("/hello").response()).status()).isEqualTo(200);
		}
	}

	@Test
	void requestsOfAConnectionThatIsClosedAreNotCountedAnyMore() throws Exception {
		try (TestServer server = TestServer.start("http3.server.max-open-requests=2")) {
			WireConnection vanishing = connect(server);
			vanishing.get("/never");
			vanishing.get("/never");
			await().atMost(TIMEOUT).until(() -> server.server().getMemoryUsage().openRequests() == 2);
			assertRejected(vanishing.get("/hello"));
			vanishing.close();
			await().atMost(TIMEOUT).until(() -> server.server().getMemoryUsage().openRequests() == 0);
			WireConnection next = connect(server);
			WireStream slow = next.get("/slow?millis=300");
			assertThat(get(next.get("/hello").response()).status()).isEqualTo(200);
			assertThat(get(slow.response()).status()).isEqualTo(200);
		}
	}

	@Test
	void peerThatVanishesInItsHandshakeIsForgotten() throws Exception {
		try (TestServer server = TestServer.start(TestServer.Options::defaults, "http3.server.max-connections=1",
				"http3.server.quic.handshake-timeout=1s"); UdpProxy proxy = UdpProxy.to(server.address())) {
			proxy.dropAll(Direction.TO_CLIENT);
			CompletableFuture<WireConnection> vanished = this.client.connect(proxy.address());
			await().atMost(TIMEOUT).until(() -> snapshot(server).connectionCount() == 1);
			proxy.dropAll(Direction.TO_SERVER);
			// A handshake takes the place of a connection
			assertRefused(this.client.connect(server.address()));
			await().atMost(TIMEOUT).until(() -> snapshot(server).connectionCount() == 0);
			assertThat(server.server().getTotals().connections().handshakeFailures()).isOne();
			assertThat(get(connect(server).get("/hello").response()).status()).isEqualTo(200);
			assertThat(vanished).isNotDone();
		}
	}

	@Test
	void connectionOutlivesTheTimeoutOfItsHandshake() throws Exception {
		try (TestServer server = TestServer.start("http3.server.quic.handshake-timeout=300ms")) {
			WireConnection connection = connect(server);
			assertThat(get(connection.get("/slow?millis=600").response()).status()).isEqualTo(200);
			assertThat(server.server().getTotals().connections().handshakeFailures()).isZero();
		}
	}

	@Test
	void requestThatDoesNotArriveInTimeGets408() throws Exception {
		try (TestServer server = startWithRequestTimeout()) {
			WireConnection connection = connect(server);
			WireStream nothing = connection.openSilently().partialHeaders("GET", "/hello", Map.of(), 5);
			WireStream half = connection.request("POST", "/count", Map.of("content-length", "2000"));
			half.write(new byte[1000]);
			assertThat(get(nothing.response()).status()).isEqualTo(408);
			assertThat(get(half.response()).status()).isEqualTo(408);
			assertThat(server.started()).isOne();
			assertThat(server.cancelled()).isZero();
			assertThat(get(connection.get("/hello").response()).status()).isEqualTo(200);
		}
	}

	@Test
	void requestThatDoesNotArriveInTimeIsResetIfItsResponseHasBegun() throws Exception {
		try (TestServer server = startWithRequestTimeout()) {
			WireConnection connection = connect(server);
			WireStream echo = connection.request("POST", "/echo", Map.of());
			echo.write(new byte[1000]);
			assertThat(get(echo.headersReceived())).isEqualTo(200);
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(echo.response()))
				.havingCause()
				.isInstanceOfSatisfying(StreamResetException.class, (ex) -> assertThat(ex.code()).isEqualTo(0x10c));
			assertThat(get(connection.get("/hello").response()).status()).isEqualTo(200);
		}
	}

	@Test
	void restOfARequestThatIsAnsweredIsStoppedInTime() throws Exception {
		try (TestServer server = startWithRequestTimeout()) {
			WireConnection connection = connect(server);
			WireStream early = connection.request("POST", "/early", Map.of());
			assertThat(get(early.response()).status()).isEqualTo(413);
			await().atMost(TIMEOUT).until(() -> server.server().getTotals().requests().active() == 0);
			assertThat(server.server().getTotals().requests().completed()).isOne();
		}
	}

	@Test
	void handlersMayTakeLongerThanTheTimeoutOfRequests() throws Exception {
		try (TestServer server = startWithRequestTimeout()) {
			WireConnection connection = connect(server);
			WireStream slow = connection.get("/slow?millis=1200");
			WireStream finishedLater = connection.request("GET", "/slow?millis=1200", Map.of());
			finishedLater.finish();
			WireStream unread = connection.post("/unread?millis=1200", 2_000_000);
			assertThat(get(slow.response()).status()).isEqualTo(200);
			assertThat(get(finishedLater.response()).status()).isEqualTo(200);
			assertThat(get(unread.response()).status()).isEqualTo(200);
		}
	}

	private static TestServer startWithRequestTimeout() {
		return TestServer.start("http3.server.request-timeout=400ms");
	}

	private static void assertRejected(WireStream request) {
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(request.response()))
			.havingCause()
			.isInstanceOfSatisfying(StreamResetException.class, (ex) -> assertThat(ex.code()).isEqualTo(0x10b));
	}

	private static void assertRefused(CompletableFuture<WireConnection> attempt) {
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(attempt))
			.havingCause()
			.isInstanceOfSatisfying(ConnectionClosedException.class,
					(ex) -> assertThat(ex.closeFrame()).isEqualTo(new CloseFrame(false, 0x02, "")));
	}

	private static Http3ServerSnapshot snapshot(TestServer server) throws Exception {
		return get(server.server().snapshot(0, 1));
	}

	private WireConnection connect(TestServer server) throws Exception {
		return get(this.client.connect(server.address()));
	}

}
