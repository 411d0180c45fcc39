package io.github.http3spring.netty;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;

import io.github.http3spring.wire.Http3Frames;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.web.server.GracefulShutdownResult;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Frames and streams of unknown types are ignored (RFC 9114 section 9), for any type and
 * length and in any pieces.
 */
class UnknownFrameIT {

	@AutoClose
	private final TestServer server = TestServer.start();

	@AutoClose
	private final WireClient client = WireClient.create();

	private WireConnection connection;

	@BeforeEach
	void connect() throws Exception {
		this.connection = get(this.client.connect(this.server.address()));
	}

	@ParameterizedTest
	@ValueSource(longs = { 0x21, (1L << 32) + 2, (1L << 62) - 1 })
	void unknownFramesAreIgnoredWhereverTheyAreCut(long type) throws Exception {
		byte[] frame = Http3Frames.frame(type, new byte[] { 0, 1, 2 });
		byte[] request = concat(frame, Http3Frames.headers("POST", "localhost", "/echo", Map.of("content-length", "4")),
				frame, Http3Frames.frame(0x00, "ab".getBytes()), Http3Frames.frame(type, new byte[0]),
				Http3Frames.frame(0x00, "cd".getBytes()), Http3Frames.trailers(Map.of("x", "y")), frame);
		for (int cut = 1; cut < frame.length; cut++) {
			WireStream start = send(request, cut);
			WireStream end = send(request, request.length - cut);
			this.connection.controlStream().raw(Arrays.copyOf(frame, cut));
			awaitArrival();
			start.raw(Arrays.copyOfRange(request, cut, request.length));
			start.finish();
			end.raw(Arrays.copyOfRange(request, request.length - cut, request.length));
			end.finish();
			this.connection.controlStream().raw(Arrays.copyOfRange(frame, cut, frame.length));
			assertThat(get(start.response()).bodyAsString()).isEqualTo("abcd");
			assertThat(get(end.response()).bodyAsString()).isEqualTo("abcd");
		}
		// The control stream has kept its place
		this.connection.controlStream().raw(Http3Frames.goAway(0));
		awaitArrival();
		assertThat(get(this.server.shutDown())).isEqualTo(GracefulShutdownResult.IDLE);
		assertThat(this.server.verdict().isLossless()).isTrue();
	}

	@Test
	void unknownFrameMayBeLargerThanAHeaderSection() throws Exception {
		byte[] large = Http3Frames.frame(0x21, new byte[64 * 1024]);
		this.connection.controlStream().raw(large);
		WireStream request = this.connection.rawBidirectional(large);
		request.raw(Http3Frames.headers("GET", "localhost", "/hello", Map.of()));
		request.finish();
		assertThat(get(request.response()).bodyAsString()).isEqualTo("hello");
	}

	@Test
	void streamsOfUnknownTypesAreIgnored() throws Exception {
		byte[] type = Http3Frames.varint(1L << 32);
		WireStream first = this.connection.rawUnidirectional(Arrays.copyOf(type, 3));
		awaitArrival();
		first.raw(Arrays.copyOfRange(type, 3, type.length));
		first.raw(new byte[] { 0x00, 0x04, 0x00 });
		first.finish();
		awaitArrival();
		WireStream second = this.connection.rawUnidirectional(concat(Http3Frames.varint(0x21), new byte[1000]));
		second.reset(0x100);
		awaitArrival();
	}

	private WireStream send(byte[] bytes, int count) {
		return this.connection.rawBidirectional(Arrays.copyOf(bytes, count));
	}

	/**
	 * Wait until the server has read what was sent before.
	 */
	private void awaitArrival() throws Exception {
		assertThat(get(this.connection.get("/hello").response()).status()).isEqualTo(200);
	}

	private static byte[] concat(byte[]... parts) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			bytes.writeBytes(part);
		}
		return bytes.toByteArray();
	}

}
