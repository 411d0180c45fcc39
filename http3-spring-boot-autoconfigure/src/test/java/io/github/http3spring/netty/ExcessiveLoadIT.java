package io.github.http3spring.netty;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.http3spring.netty.connection.ExcessiveLoad;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.Http3Frames;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ExcessiveLoad} by frames that bring nothing (RFC 9114 section 10.5).
 */
class ExcessiveLoadIT {

	private static final CloseFrame EXCESSIVE_LOAD = new CloseFrame(true, 0x107, "");

	private static final byte[] EMPTY_DATA = Http3Frames.frame(Http3Frames.DATA, new byte[0]);

	private static final long PRIORITY_UPDATE = 0xf0700;

	private static final long MAX_PUSH_ID = 0x0d;

	@AutoClose
	private final WireClient client = WireClient.create();

	@Test
	void emptyDataFramesCloseTheConnectionAndNoOther() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection other = connect(server);
			CompletableFuture<WireResponse> slow = other.get("/slow?millis=500").response();
			WireConnection connection = connect(server);
			WireStream upload = connection.request("POST", "/count", Map.of());
			upload.raw(repeat(EMPTY_DATA, 10_000));
			assertThat(get(connection.closed())).isEqualTo(EXCESSIVE_LOAD);
			assertThat(get(slow).bodyAsString()).isEqualTo("done");
			assertThat(get(other.get("/hello").response()).status()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { PRIORITY_UPDATE, MAX_PUSH_ID, 0x21 })
	void framesOnTheControlStreamCloseTheConnection(long type) throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			connection.controlStream().raw(repeat(Http3Frames.frame(type, Http3Frames.varint(0)), 2000));
			assertThat(get(connection.closed())).isEqualTo(EXCESSIVE_LOAD);
		}
	}

	@Test
	void instructionsForTheCompressionOfFieldsCloseTheConnection() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			byte[] cancellations = repeat(new byte[] { 0x44 }, 2000);
			cancellations[0] = 0x03;
			connection.rawUnidirectional(cancellations);
			assertThat(get(connection.closed())).isEqualTo(EXCESSIVE_LOAD);
		}
	}

	@Test
	void framesThatAreToBeIgnoredAreAsLongAsThereAreFew() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			connection.controlStream().raw(repeat(Http3Frames.frame(PRIORITY_UPDATE, Http3Frames.varint(0)), 500));
			WireStream upload = connection.request("POST", "/count", Map.of());
			upload.raw(repeat(EMPTY_DATA, 400));
			upload.write(new byte[1000]);
			upload.finish();
			assertThat(get(upload.response()).bodyAsString()).isEqualTo("1000");
		}
	}

	private static byte[] repeat(byte[] frame, int times) {
		byte[] frames = new byte[frame.length * times];
		for (int index = 0; index < frames.length; index++) {
			frames[index] = frame[index % frame.length];
		}
		return frames;
	}

	private WireConnection connect(TestServer server) throws Exception {
		return get(this.client.connect(server.address()));
	}

}
