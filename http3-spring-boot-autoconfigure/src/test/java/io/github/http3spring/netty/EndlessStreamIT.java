package io.github.http3spring.netty;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

import io.github.http3spring.wire.CloseFrame;
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
import static org.awaitility.Awaitility.await;

/**
 * Streams that do not end by themselves, and what a shutdown makes of them.
 */
class EndlessStreamIT {

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final long REQUEST_CANCELLED = 0x10c;

	@AutoClose
	private final WireClient client = WireClient.create();

	@Test
	void uploadThatGoesOnAfterTheResponseIsStopped() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			WireStream upload = connection.request("POST", "/early-slow", Map.of());
			upload.write(new byte[10_000]);
			server.awaitStarted(1);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			assertThat(get(upload.response()).status()).isEqualTo(413);
			upload.writePattern(20_000_000);
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
			assertThat(server.verdict().requests().completed()).isOne();
		}
	}

	@Test
	void uploadThatWasAnsweredBeforeTheShutdownIsStopped() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			WireStream upload = connection.request("POST", "/early", Map.of());
			upload.write(new byte[10_000]);
			assertThat(get(upload.response()).status()).isEqualTo(413);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
		}
	}

	@Test
	void uploadThatTheClientCancelsCancelsTheHandler() throws Exception {
		assertCancelsTheHandler((upload) -> upload.cancel(REQUEST_CANCELLED));
	}

	@Test
	void uploadThatTheClientResetsCancelsAHandlerThatDoesNotReadIt() throws Exception {
		assertCancelsTheHandler((upload) -> upload.reset(REQUEST_CANCELLED));
	}

	@Test
	void uploadThatTheClientResetsFailsForAHandlerThatReadsIt() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			WireStream upload = connection.request("POST", "/count", Map.of());
			get(upload.write(new byte[10_000]));
			server.awaitStarted(1);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			get(connection.goAway(1));
			upload.reset(REQUEST_CANCELLED);
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			get(result);
			await().atMost(Duration.ofSeconds(5)).until(() -> server.failed() == 1);
			assertThat(server.verdict().requests().cancelled()).isOne();
			assertThat(server.verdict().connections().completed()).isOne();
		}
	}

	@Test
	void uploadWhoseEndNobodyReadsIsAnswered() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			WireStream withoutContent = connection.request("POST", "/unread?millis=2500", Map.of());
			WireStream withContent = connection.request("POST", "/unread?millis=2500", Map.of());
			get(withContent.write(new byte[10_000]));
			server.awaitStarted(2);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			withoutContent.finish();
			withContent.finish();
			assertThat(get(withoutContent.response()).bodyAsString()).isEqualTo("done");
			assertThat(get(withContent.response()).bodyAsString()).isEqualTo("done");
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
			assertThat(server.verdict().requests().completed()).isEqualTo(2);
		}
	}

	@Test
	void responseThatTheClientStopsIsCancelledInNormalOperation() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			WireStream events = connection.get("/events");
			get(events.headersReceived());
			events.stopSending(REQUEST_CANCELLED);
			await().atMost(Duration.ofSeconds(5)).until(() -> server.cancelled() >= 1);
			assertThat(get(connection.get("/hello").response()).status()).isEqualTo(200);
			assertThat(get(server.shutDown())).isEqualTo(GracefulShutdownResult.IDLE);
		}
	}

	@Test
	void requestWithoutResponseYetThatTheClientStopsIsCancelled() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			WireStream never = connection.get("/never");
			server.awaitStarted(1);
			never.stopSending(REQUEST_CANCELLED);
			await().atMost(Duration.ofSeconds(5)).until(() -> server.cancelled() >= 1);
			assertThat(get(server.shutDown())).isEqualTo(GracefulShutdownResult.IDLE);
		}
	}

	@Test
	void clientThatReadsNothingIsCutOffAtTheDeadline() throws Exception {
		WireOptions starved = WireOptions.defaults().withWindows(20_000, 20_000);
		try (WireClient starvedClient = WireClient.create(starved);
				TestServer server = TestServer.start("http3.server.shutdown.grace-period=1s")) {
			WireConnection connection = get(starvedClient.connect(server.address()));
			WireStream download = connection.openSilently();
			download.pauseReading();
			download.headers("GET", "/bytes/8000000", Map.of());
			server.awaitStarted(1);
			long start = System.nanoTime();
			assertThat(get(server.shutDown())).isEqualTo(GracefulShutdownResult.REQUESTS_ACTIVE);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(server.verdict().requests().cancelled()).isOne();
		}
	}

	@Test
	void clientThatVanishesIsWaitedForUntilTheDeadlineOnly() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.grace-period=1s")) {
			WireConnection vanished = connect(server);
			WireStream download = vanished.get("/bytes/8000000");
			get(download.headersReceived());
			vanished.abandon();
			long start = System.nanoTime();
			assertThat(get(server.shutDown())).isEqualTo(GracefulShutdownResult.REQUESTS_ACTIVE);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
			assertThat(server.verdict().connections().atDeadline()).isOne();
		}
	}

	@Test
	void vanishedClientEndsWithItsIdleTimeout() throws Exception {
		try (TestServer server = TestServer.start("http3.server.quic.max-idle-timeout=600ms")) {
			WireConnection vanished = connect(server);
			vanished.get("/never");
			server.awaitStarted(1);
			vanished.abandon();
			get(server.shutDown());
			assertThat(server.verdict().connections().timedOut()).isOne();
		}
	}

	@Test
	void requestOfAGapIsServedEvenIfItArrivesLate() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.goaway-delay=300ms")) {
			WireConnection connection = connect(server);
			WireStream first = connection.openSilently();
			assertThat(get(connection.get("/hello").response()).status()).isEqualTo(200);
			server.shutDown();
			assertThat(get(connection.goAway(2))).isEqualTo(8L);
			first.headers("GET", "/hello", Map.of());
			first.finish();
			assertThat(get(first.response()).status()).isEqualTo(200);
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
		}
	}

	@Test
	void gapThatIsNeverFilledDoesNotHoldTheShutdownUp() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			connection.openSilently();
			assertThat(get(connection.get("/hello").response()).status()).isEqualTo(200);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
		}
	}

	@Test
	void handlerThatIgnoresCancellationDoesNotHoldTheServer() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.grace-period=300ms")) {
			WireConnection connection = connect(server);
			WireStream stubborn = connection.get("/stubborn");
			server.awaitStarted(1);
			assertThat(get(server.shutDown())).isEqualTo(GracefulShutdownResult.REQUESTS_ACTIVE);
			assertThat(get(stubborn.response()).status()).isEqualTo(503);
			server.stop();
			assertThat(server.server().getPort()).isEqualTo(-1);
		}
	}

	@Test
	void emptyBodiesHeadAndNoContentAreWholeResponses() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			assertThat(get(connection.get("/empty").response()).status()).isEqualTo(204);
			assertThat(get(connection.get("/bytes/0").response()).bodyLength()).isZero();
			WireStream head = connection.request("HEAD", "/hello", Map.of());
			head.finish();
			WireResponse response = get(head.response());
			assertThat(response.status()).isEqualTo(200);
			assertThat(response.bodyLength()).isZero();
			assertThat(get(connection.get("/not-there").response()).status()).isEqualTo(404);
			assertThat(get(server.shutDown())).isEqualTo(GracefulShutdownResult.IDLE);
		}
	}

	@Test
	void responsesWithoutABodyAndWithTrailersAreWholeWhenTheyEndDuringTheShutdown() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			WireStream noContent = connection.get("/empty?after=500");
			WireStream empty = connection.get("/bytes/0?after=500");
			WireStream head = connection.request("HEAD", "/hello?after=500", Map.of());
			head.finish();
			WireStream trailers = connection.get("/trailers?after=500");
			server.awaitStarted(4);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			assertThat(get(noContent.response()).status()).isEqualTo(204);
			assertThat(get(empty.response()).bodyLength()).isZero();
			assertThat(get(head.response()).header("content-length")).isEqualTo("5");
			assertThat(get(trailers.response()).trailers()).containsEntry("checksum", List.of("42"));
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
			assertThat(server.verdict().requests().completed()).isEqualTo(4);
		}
	}

	@Test
	void responseInOnePieceOfAnySizeIsWhole() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.linger=0")) {
			WireConnection connection = connect(server);
			for (int size : new int[] { 1, 65_000, 65_536, 200_000, 3_000_000 }) {
				WireResponse response = get(connection.get("/whole/" + size).response());
				assertThat(response.bodyLength()).isEqualTo(size);
				assertThat(response.patternMatches()).isTrue();
			}
			assertThat(get(server.shutDown())).isEqualTo(GracefulShutdownResult.IDLE);
		}
	}

	@Test
	void compressedResponseIsWhole() throws Exception {
		try (TestServer server = TestServer.start("server.compression.enabled=true")) {
			WireConnection connection = connect(server);
			WireStream text = connection.request("GET", "/text", Map.of("accept-encoding", "gzip"));
			text.finish();
			WireResponse response = get(text.response());
			assertThat(response.header("content-encoding")).isEqualTo("gzip");
			byte[] body = new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes();
			assertThat(new String(body)).isEqualTo("text ".repeat(20_000));
			assertThat(get(connection.get("/text").response()).bodyLength()).isEqualTo(100_000);
			assertThat(get(server.shutDown())).isEqualTo(GracefulShutdownResult.IDLE);
		}
	}

	@Test
	void fileIsSentWhole() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.linger=0")) {
			WireConnection connection = connect(server);
			WireStream file = connection.get("/file");
			get(file.headersReceived());
			server.shutDown();
			WireResponse response = get(file.response());
			assertThat(response.bodyLength()).isEqualTo(TestServer.FILE_SIZE);
			assertThat(response.patternMatches()).isTrue();
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
		}
	}

	@Test
	void responseWithTrailersEndsWithThem() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			WireResponse response = get(connection.get("/trailers").response());
			assertThat(response.bodyAsString()).isEqualTo("with trailers");
			assertThat(response.trailers()).containsEntry("checksum", List.of("42"));
			assertThat(get(server.shutDown())).isEqualTo(GracefulShutdownResult.IDLE);
		}
	}

	@Test
	void requestThatExpectsContinueGetsItAndThenItsResponse() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			WireStream upload = connection.request("POST", "/count", Map.of("expect", "100-continue"));
			server.awaitStarted(1);
			server.shutDown();
			get(upload.writePattern(5_000));
			get(upload.finish());
			assertThat(get(upload.response()).bodyAsString()).isEqualTo("5000");
			assertThat(connection.events()).filteredOn((event) -> event.type() == WireEvent.Type.HEADERS)
				.extracting(WireEvent::value)
				.containsExactly(100L, 200L);
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
		}
	}

	@Test
	void bodyLargerThanEveryWindowIsEchoed() throws Exception {
		try (TestServer server = TestServer.start("http3.server.quic.initial-max-stream-data-bidi-remote=10000B",
				"http3.server.shutdown.linger=0")) {
			WireConnection connection = connect(server);
			WireStream echo = connection.request("POST", "/echo", Map.of());
			server.awaitStarted(1);
			server.shutDown();
			echo.writePattern(3_000_000);
			echo.finish();
			WireResponse response = get(echo.response());
			assertThat(response.bodyLength()).isEqualTo(3_000_000);
			assertThat(response.patternMatches()).isTrue();
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
		}
	}

	private void assertCancelsTheHandler(Consumer<WireStream> end) throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			WireStream upload = connection.request("POST", "/early?after=10000", Map.of());
			get(upload.write(new byte[10_000]));
			server.awaitStarted(1);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			end.accept(upload);
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			get(result);
			assertThat(server.cancelled()).isOne();
			assertThat(server.verdict().requests().cancelled()).isOne();
			assertThat(server.verdict().connections().completed()).isOne();
			assertThat(server.verdict().duration()).isLessThan(Duration.ofSeconds(5));
		}
	}

	private WireConnection connect(TestServer server) throws Exception {
		return get(this.client.connect(server.address()));
	}

}
