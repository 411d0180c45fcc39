package io.github.http3spring.netty;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import io.github.http3spring.wire.Http3Frames;
import io.github.http3spring.wire.StreamResetException;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How large a field section may be (RFC 9114 section 4.2.2), and what else the server
 * would have to hold in memory.
 */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("captures the output")
class HeaderSizeIT {

	private static final int LIMIT = 8192;

	/**
	 * H3_EXCESSIVE_LOAD.
	 */
	private static final long EXCESSIVE_LOAD = 0x107;

	private final WireClient client = WireClient.create();

	private TestServer server;

	private WireConnection connection;

	@BeforeEach
	void connect() throws Exception {
		this.server = TestServer.start();
		this.connection = get(this.client.connect(this.server.address()));
	}

	@AfterEach
	void close(CapturedOutput output) {
		// Before the shutdown, which may find a request without an end still open
		assertThat(output).doesNotContain("WARN", "ERROR");
		this.client.close();
		this.server.close();
	}

	@Test
	void limitIsAnnounced() {
		assertThat(this.connection.settings()).containsEntry(0x06L, (long) LIMIT);
	}

	@Test
	void headerSectionOfExactlyTheLimitIsServed() throws Exception {
		assertThat(get(getWithHeaderSize(LIMIT).response()).status()).isEqualTo(200);
	}

	@Test
	void headerSectionThatIsOneByteTooLargeGets431AndNothingElseIsHarmed() throws Exception {
		WireStream slow = this.connection.get("/slow?millis=500");
		WireResponse refused = get(getWithHeaderSize(LIMIT + 1).response());
		assertThat(refused.status()).isEqualTo(431);
		assertThat(refused.bodyLength()).isZero();
		assertThat(get(slow.response()).status()).isEqualTo(200);
		assertThatConnectionIsUnharmed();
		assertThat(this.server.started()).isEqualTo(2);
	}

	@Test
	void headerSectionThatIsLargeOnlyWhenItIsUncompressedGets431() throws Exception {
		ByteArrayOutputStream section = new ByteArrayOutputStream();
		// GET, https, '/' and 'accept: */*' from the static table
		section.writeBytes(new byte[] { 0, 0, (byte) 0xd1, (byte) 0xd7, (byte) 0xc1, 0x50, 1, 'a' });
		for (int number = 0; number < 200; number++) {
			section.write(0xdd);
		}
		WireStream compressed = this.connection
			.rawBidirectional(Http3Frames.frame(Http3Frames.HEADERS, section.toByteArray()));
		compressed.finish();
		assertThat(get(compressed.response()).status()).isEqualTo(431);
		assertThatConnectionIsUnharmed();
	}

	@Test
	void frameThatIsTooLongIsRefusedBeforeItHasArrived() throws Exception {
		WireStream endless = this.connection
			.rawBidirectional(Http3Frames.frameHeader(Http3Frames.HEADERS, Integer.MAX_VALUE));
		assertThat(get(endless.response()).status()).isEqualTo(431);
		WireStream reserved = this.connection.rawBidirectional(Http3Frames.frameHeader(0x21, Integer.MAX_VALUE));
		assertReset(reserved);
		assertThatConnectionIsUnharmed();
	}

	@Test
	void trailersUpToTheLimitAreServed() throws Exception {
		WireStream request = post("/count");
		request.raw(Http3Frames.trailers(Map.of("a", "b".repeat(LIMIT - 33))));
		request.finish();
		assertThat(get(request.response()).bodyAsString()).isEqualTo("1000");
	}

	@Test
	void trailersThatAreTooLargeGet431() throws Exception {
		WireStream request = post("/count");
		request.raw(Http3Frames.trailers(Map.of("a", "b".repeat(LIMIT - 32))));
		request.finish();
		assertThat(get(request.response()).status()).isEqualTo(431);
		assertThatConnectionIsUnharmed();
	}

	@Test
	void trailersThatAreTooLargeResetAResponseThatHasBegun() throws Exception {
		WireStream request = post("/echo");
		assertThat(get(request.headersReceived())).isEqualTo(200);
		request.raw(Http3Frames.trailers(Map.of("a", "b".repeat(LIMIT))));
		assertReset(request);
		assertThatConnectionIsUnharmed();
	}

	@Test
	void largeBodyIsNotTakenForALargeFrame() throws Exception {
		WireStream request = this.connection.post("/count", new byte[1_000_000]);
		assertThat(get(request.response()).bodyAsString()).isEqualTo("1000000");
	}

	@Test
	void frameWithoutEndOnTheControlStreamClosesTheConnection() throws Exception {
		WireConnection bad = get(this.client.connect(this.server.address()));
		bad.controlStream().raw(Http3Frames.frameHeader(0x21, 100_000));
		assertThatOnlyThisIsClosed(bad, EXCESSIVE_LOAD);
	}

	@Test
	void instructionForTheDynamicTableOnTheQpackEncoderStreamClosesTheConnection() throws Exception {
		WireConnection bad = get(this.client.connect(this.server.address()));
		bad.rawUnidirectional(HexFormat.of().parseHex("025fffff7f"));
		// QPACK_ENCODER_STREAM_ERROR
		assertThatOnlyThisIsClosed(bad, 0x201);
	}

	@Test
	void whatIsNoStreamCancellationOnTheQpackDecoderStreamClosesTheConnection() throws Exception {
		WireConnection bad = get(this.client.connect(this.server.address()));
		bad.rawUnidirectional(HexFormat.of().parseHex("037f8080808080808080808080"));
		// QPACK_DECODER_STREAM_ERROR
		assertThatOnlyThisIsClosed(bad, 0x202);
	}

	@Test
	void frameThatTheCodecCannotDecodeHarmsNothingElse() throws Exception {
		this.connection.rawBidirectional(Http3Frames.frameHeader(0x10, 100)).raw(new byte[1]);
		assertThatConnectionIsUnharmed();
	}

	@Test
	void cancellationsOnTheQpackDecoderStreamAreWelcomeWithoutLimit() throws Exception {
		WireStream decoderStream = this.connection.rawUnidirectional(new byte[] { 0x03 });
		byte[] cancellation = { 0x7f, (byte) 0x80, 0x01 };
		for (int number = 0; number < 1000; number++) {
			decoderStream.raw(cancellation);
		}
		assertThatConnectionIsUnharmed();
	}

	private void assertThatOnlyThisIsClosed(WireConnection bad, long errorCode) throws Exception {
		assertThat(get(bad.closed()).errorCode()).isEqualTo(errorCode);
		assertThatConnectionIsUnharmed();
	}

	/**
	 * Send a request whose header section has a size.
	 */
	private WireStream getWithHeaderSize(int size) {
		String authority = "localhost";
		int others = 32 + ":method".length() + 3 + 32 + ":scheme".length() + 5 + 32 + ":authority".length()
				+ authority.length() + 32 + ":path".length() + "/hello".length();
		String value = "x".repeat(size - others - 33);
		WireStream stream = this.connection
			.rawBidirectional(Http3Frames.headers("GET", authority, "/hello", Map.of("a", value)));
		stream.finish();
		return stream;
	}

	private WireStream post(String path) {
		WireStream request = this.connection.request("POST", path, Map.of());
		request.write(new byte[1000]);
		return request;
	}

	private void assertThatConnectionIsUnharmed() throws Exception {
		assertThat(get(this.connection.get("/hello").response()).status()).isEqualTo(200);
		assertThat(this.connection.closed()).isNotDone();
	}

	private static void assertReset(WireStream stream) {
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(stream.response()))
			.havingCause()
			.isInstanceOfSatisfying(StreamResetException.class,
					(ex) -> assertThat(ex.code()).isEqualTo(EXCESSIVE_LOAD));
	}

}
