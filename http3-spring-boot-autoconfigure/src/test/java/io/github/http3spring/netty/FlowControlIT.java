package io.github.http3spring.netty;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.http3spring.server.ConnectionSnapshot;
import io.github.http3spring.server.ShutdownVerdict;
import io.github.http3spring.shutdown.ConnectionShutdown;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.StreamResetException;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients whose flow control lets no GOAWAY through: it is subject to the credit of the
 * control stream and to that of the connection (RFC 9000 section 4), CONNECTION_CLOSE is
 * not.
 */
@Execution(ExecutionMode.CONCURRENT)
class FlowControlIT {

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final long REQUEST_REJECTED = 0x10b;

	/**
	 * Room for the 3 bytes of the stream type and an empty SETTINGS frame, not for the 10
	 * bytes of the first GOAWAY after them.
	 */
	private static final int CONTROL_STREAM_WINDOW = 8;

	private static final WireOptions STARVED_CONTROL_STREAM = WireOptions.defaults()
		.withWindows(1 << 20, CONTROL_STREAM_WINDOW)
		.withAwaitSettings(false);

	@Test
	void idleConnectionIsClosedInTheUsualTime() throws Exception {
		try (TestServer server = TestServer.start(); WireClient client = WireClient.create(STARVED_CONTROL_STREAM)) {
			WireConnection connection = connect(client, server);
			assertThat(get(connection.get("/hello").response()).bodyAsString()).isEqualTo("hello");
			get(server.shutDown());
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(connection.goAwayIds()).isEmpty();
			assertThat(server.verdict().connections().completed()).isOne();
			assertThat(server.verdict().duration()).isLessThan(Duration.ofSeconds(3));
		}
	}

	@Test
	void requestIsCompletedAndLaterOnesAreRejected() throws Exception {
		try (TestServer server = TestServer.start(); WireClient client = WireClient.create(STARVED_CONTROL_STREAM)) {
			WireConnection connection = connect(client, server);
			WireStream slow = connection.get("/slow?millis=1000");
			server.awaitStarted(1);
			CompletableFuture<?> result = server.shutDown();
			awaitGoAways(server);
			assertRejected(connection.get("/hello"));
			assertThat(get(slow.response()).bodyAsString()).isEqualTo("done");
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(connection.goAwayIds()).isEmpty();
			get(result);
			assertThat(server.started()).isOne();
			ShutdownVerdict verdict = server.verdict();
			assertThat(verdict.isLossless()).isTrue();
			assertThat(verdict.requests().completed()).isOne();
			assertThat(verdict.requests().rejected()).isOne();
		}
	}

	@Test
	void goAwaysArriveWithCreditThatComesLate() throws Exception {
		try (TestServer server = TestServer.start(); WireClient client = WireClient.create(STARVED_CONTROL_STREAM)) {
			WireConnection connection = connect(client, server);
			WireStream slow = connection.get("/slow?millis=1000");
			server.awaitStarted(1);
			server.shutDown();
			awaitGoAways(server);
			assertThat(connection.goAwayIds()).isEmpty();
			connection.resumeServerStreams();
			assertThat(get(connection.goAway(1))).isEqualTo(ConnectionShutdown.MAX_REQUEST_STREAM_ID);
			assertThat(get(connection.goAway(2))).isEqualTo(4L);
			assertThat(slow.response()).isNotDone();
			assertThat(get(slow.response()).bodyAsString()).isEqualTo("done");
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
		}
	}

	@Test
	void requestWithoutAnAnswerGets503AndTheCloseAtTheDeadline() throws Exception {
		Duration gracePeriod = Duration.ofSeconds(1);
		try (TestServer server = TestServer.start("http3.server.shutdown.grace-period=" + gracePeriod);
				WireClient client = WireClient.create(STARVED_CONTROL_STREAM)) {
			WireConnection connection = connect(client, server);
			WireStream never = connection.get("/never");
			server.awaitStarted(1);
			get(server.shutDown());
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(get(never.response()).status()).isEqualTo(503);
			assertThat(server.verdict().duration()).isLessThan(gracePeriod.plusSeconds(1));
		}
	}

	@Test
	void goAwaysArriveWhenAResponseThatTakesAllCreditOfTheConnectionIsReadOn() throws Exception {
		WireOptions starved = WireOptions.defaults().withWindows(20_000, 20_000);
		try (TestServer server = TestServer.start(); WireClient client = WireClient.create(starved)) {
			WireConnection connection = get(client.connect(server.address()));
			WireStream download = connection.openSilently();
			download.pauseReading();
			download.headers("GET", "/bytes/1000000", Map.of());
			download.finish();
			// The whole window, and what it takes to send it
			await().atMost(Duration.ofSeconds(5)).until(() -> connection(server).bytesSent() > 20_000);
			server.shutDown();
			awaitGoAways(server);
			assertThat(connection.goAwayIds()).isEmpty();
			assertRejected(connection.get("/hello"));
			download.resumeReading();
			WireResponse response = get(download.response());
			assertThat(response.bodyLength()).isEqualTo(1_000_000);
			assertThat(response.patternMatches()).isTrue();
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(connection.goAwayIds()).containsExactly(ConnectionShutdown.MAX_REQUEST_STREAM_ID, 4L);
		}
	}

	/**
	 * Connect so that nothing but the beginning of the control stream is read.
	 */
	private static WireConnection connect(WireClient client, TestServer server) throws Exception {
		return get(client.connect(server.address()).whenComplete((connection, ex) -> {
			if (connection != null) {
				connection.pauseServerStreams();
			}
		}));
	}

	/**
	 * Wait until both GOAWAYs are written, as far as the server knows.
	 */
	private static void awaitGoAways(TestServer server) {
		await().atMost(Duration.ofSeconds(5))
			.pollInterval(Duration.ofMillis(10))
			.until(() -> connection(server).goAwayIds().size() == 2);
	}

	private static ConnectionSnapshot connection(TestServer server) throws Exception {
		return get(server.server().snapshot(0, 1)).connections().get(0);
	}

	private static void assertRejected(WireStream stream) {
		assertThat(stream.response()).failsWithin(Duration.ofSeconds(15))
			.withThrowableThat()
			.havingCause()
			.asInstanceOf(InstanceOfAssertFactories.throwable(StreamResetException.class))
			.extracting(StreamResetException::code)
			.isEqualTo(REQUEST_REJECTED);
	}

}
