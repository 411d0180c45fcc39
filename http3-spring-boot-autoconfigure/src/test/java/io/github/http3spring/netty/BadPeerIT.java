package io.github.http3spring.netty;

import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import io.github.http3spring.wire.Http3Frames;
import io.github.http3spring.wire.StreamResetException;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Peers that break the protocol get the error code of RFC 9114, and harm nobody else.
 */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("captures the output")
class BadPeerIT {

	@AutoClose
	private final WireClient client = WireClient.create();

	@Test
	void secondControlStreamClosesTheConnectionAndNoOther(CapturedOutput output) throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection good = connect(server);
			WireStream slow = good.get("/slow?millis=500");
			WireConnection bad = connect(server);
			bad.rawUnidirectional(new byte[] { 0x00, 0x04, 0x00 });
			// H3_STREAM_CREATION_ERROR
			assertThat(get(bad.closed()).errorCode()).isEqualTo(0x103);
			assertThat(get(slow.response()).status()).isEqualTo(200);
			assertThat(output).doesNotContain("WARN", "ERROR");
		}
	}

	@Test
	void dataFrameOnTheControlStreamClosesTheConnection(CapturedOutput output) throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection bad = connect(server);
			bad.rawUnidirectional(new byte[] { 0x00, 0x00, 0x01, 0x00 });
			assertThat(get(bad.closed()).errorCode()).isIn(0x103L, 0x105L, 0x10aL);
			assertThat(get(connect(server).get("/hello").response()).status()).isEqualTo(200);
			assertThat(output).doesNotContain("WARN", "ERROR");
		}
	}

	@Test
	void controlStreamThatEndsClosesTheConnectionAndNoOther(CapturedOutput output) throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection finished = connect(server);
			WireConnection reset = connect(server);
			finished.controlStream().finish();
			// H3_CLOSED_CRITICAL_STREAM
			assertThat(get(finished.closed()).errorCode()).isEqualTo(0x104);
			assertThat(get(reset.get("/hello").response()).status()).isEqualTo(200);
			reset.controlStream().reset(0x100);
			assertThat(get(reset.closed()).errorCode()).isEqualTo(0x104);
			assertThat(output).doesNotContain("WARN", "ERROR");
		}
	}

	@ParameterizedTest
	@CsvSource({ "2101ff, 0x10a, reserved frame before SETTINGS", "040106, 0x106, setting without a value",
			"040406000601, 0x109, setting that comes twice", "04020200, 0x109, setting of HTTP/2",
			"0400020100, 0x105, PRIORITY of HTTP/2", "04000600, 0x105, PING of HTTP/2",
			"04000800, 0x105, WINDOW_UPDATE of HTTP/2", "04000900, 0x105, CONTINUATION of HTTP/2",
			"040001020000, 0x105, HEADERS", "04000000, 0x105, DATA" })
	void badBeginningOfTheControlStreamClosesTheConnection(String bytes, String code, String what,
			CapturedOutput output) throws Exception {
		try (TestServer server = TestServer.start()) {
			int errorCode = QuicPeer.errorCode(server.address().getPort(), HexFormat.of().parseHex("00" + bytes));
			assertThat(errorCode).as(what).isEqualTo(Integer.decode(code));
			assertThat(get(connect(server).get("/hello").response()).status()).isEqualTo(200);
			assertThat(output).doesNotContain("WARN", "ERROR");
		}
	}

	@Test
	void malformedRequestIsResetAndNeverEndedLikeAWholeResponse(CapturedOutput output) throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			for (int number = 0; number < 20; number++) {
				// Only ':method: GET'; ':scheme' and ':path' are missing
				WireStream malformed = connection
					.rawBidirectional(Http3Frames.frame(0x01, new byte[] { 0, 0, (byte) 0xd1 }));
				malformed.finish();
				// H3_MESSAGE_ERROR
				assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(malformed.response()))
					.havingCause()
					.isInstanceOfSatisfying(StreamResetException.class, (ex) -> assertThat(ex.code()).isEqualTo(0x10e));
			}
			assertThat(output).doesNotContain("WARN", "ERROR");
			assertThat(get(connection.get("/hello").response()).status()).isEqualTo(200);
			assertThat(server.started()).isOne();
		}
	}

	@Test
	void dataBeforeHeadersClosesTheConnection(CapturedOutput output) throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection bad = connect(server);
			bad.rawBidirectional(Http3Frames.frame(0x00, new byte[] { 1, 2, 3 }));
			// H3_FRAME_UNEXPECTED
			assertThat(get(bad.closed()).errorCode()).isEqualTo(0x105);
			assertThat(output).doesNotContain("WARN", "ERROR");
		}
	}

	@Test
	void uploadThatIsResetFillsNoLog(CapturedOutput output) throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			WireStream upload = connection.request("POST", "/count", Map.of());
			upload.write(new byte[1000]);
			server.awaitStarted(1);
			upload.cancel(0x10c);
			await().atMost(Duration.ofSeconds(10)).until(() -> server.server().getTotals().requests().cancelled() == 1);
			assertThat(get(connection.get("/hello").response()).status()).isEqualTo(200);
			assertThat(output).doesNotContain("WARN", "ERROR");
		}
	}

	private WireConnection connect(TestServer server) throws Exception {
		return get(this.client.connect(server.address()));
	}

}
