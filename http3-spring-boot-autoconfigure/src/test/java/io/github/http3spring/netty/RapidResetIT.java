package io.github.http3spring.netty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.Http3Frames;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients that begin requests in order to give them up (CVE-2023-44487).
 */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("captures the output")
class RapidResetIT {

	private static final CloseFrame EXCESSIVE_LOAD = new CloseFrame(true, 0x107, "");

	/**
	 * H3_REQUEST_CANCELLED.
	 */
	private static final long CANCELLED = 0x10c;

	/**
	 * Only ':method: GET'.
	 */
	private static final byte[] MALFORMED = Http3Frames.frame(Http3Frames.HEADERS, new byte[] { 0, 0, (byte) 0xd1 });

	private final WireClient client = WireClient.create();

	@AfterEach
	void closeClient(CapturedOutput output) {
		this.client.close();
		assertThat(output).doesNotContain("WARN", "ERROR");
	}

	@Test
	void tooManyResetsPerSecondCloseTheConnectionAndNoOther() throws Exception {
		assertThatConnectionIsClosed((connection) -> connection.get("/never").cancel(CANCELLED));
	}

	@Test
	void tooManyUploadsThatAreResetCloseTheConnection() throws Exception {
		assertThatConnectionIsClosed((connection) -> {
			WireStream upload = connection.openSilently().headers("POST", "/count", Map.of());
			upload.write(new byte[100]);
			upload.cancel(CANCELLED);
		});
	}

	@Test
	void tooManyRequestsThatAreStoppedCloseTheConnection() throws Exception {
		assertThatConnectionIsClosed((connection) -> connection.get("/slow?millis=50").stopSending(CANCELLED));
	}

	@Test
	void tooManyRequestsThatAreStoppedBeforeTheyAreAnsweredCloseTheConnection() throws Exception {
		assertThatConnectionIsClosed((connection) -> connection.get("/never").stopSending(CANCELLED));
	}

	@Test
	void tooManyMalformedRequestsCloseTheConnection() throws Exception {
		assertThatConnectionIsClosed((connection) -> connection.rawBidirectional(MALFORMED));
	}

	@Test
	void clientMayGiveUpEverythingThatItHasOpen() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = get(this.client.connect(server.address()));
			List<WireStream> requests = new ArrayList<>();
			for (int number = 0; number < 100; number++) {
				requests.add(connection.get("/never"));
			}
			server.awaitStarted(100);
			requests.forEach((request) -> request.cancel(CANCELLED));
			await().atMost(Duration.ofSeconds(10))
				.until(() -> server.server().getTotals().requests().cancelled() == 100);
			assertThat(get(connection.get("/hello").response()).status()).isEqualTo(200);
		}
	}

	@Test
	void connectionWithVeryManyResetsIsShutDownGracefully() throws Exception {
		try (TestServer server = TestServer.start("http3.server.connection.max-resets=0",
				"http3.server.shutdown.goaway-delay=50ms")) {
			WireConnection connection = get(this.client.connect(server.address()));
			WireStream slow = connection.get("/slow?millis=2500");
			for (int number = 0; number < 1000; number++) {
				assertThat(connection.goAwayIds()).isEmpty();
				WireStream malformed = connection.rawBidirectional(MALFORMED);
				get(malformed.response().exceptionally((ex) -> null));
			}
			get(connection.goAway(2));
			assertThat(get(slow.response()).status()).isEqualTo(200);
			assertThat(get(connection.closed())).isEqualTo(new CloseFrame(true, 0x100, ""));
		}
	}

	private void assertThatConnectionIsClosed(Consumer<WireConnection> request) throws Exception {
		try (TestServer server = TestServer.start("http3.server.connection.max-resets=20")) {
			WireConnection good = get(this.client.connect(server.address()));
			WireStream slow = good.get("/slow?millis=500");
			WireConnection bad = get(this.client.connect(server.address()));
			for (int number = 0; number < 80; number++) {
				request.accept(bad);
			}
			assertThat(get(bad.closed())).isEqualTo(EXCESSIVE_LOAD);
			assertThat(get(slow.response()).status()).isEqualTo(200);
		}
	}

}
