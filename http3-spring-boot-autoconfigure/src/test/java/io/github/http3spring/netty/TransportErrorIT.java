package io.github.http3spring.netty;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.EventLoops;
import io.github.http3spring.wire.Http3Frames;
import io.github.http3spring.wire.QuicFrames;
import io.github.http3spring.wire.RawConnection;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.netty.channel.EventLoopGroup;
import io.netty.incubator.codec.quic.QuicTransportError;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients that break RFC 9000, which quiche finds.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransportErrorIT {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	/**
	 * The one of the handshake is one of them.
	 */
	private static final int CONNECTION_IDS = 8;

	private final EventLoopGroup eventLoops = EventLoops.create(1, "raw-client");

	@AutoClose
	private final WireClient client = WireClient.create();

	private TestServer server;

	private WireConnection good;

	@BeforeAll
	void start() throws Exception {
		this.server = TestServer.start("http3.server.quic.active-connection-id-limit=" + CONNECTION_IDS);
		this.good = get(this.client.connect(this.server.address()));
	}

	@AfterAll
	void stop() {
		this.server.close();
		this.eventLoops.shutdownGracefully(0, 5, TimeUnit.SECONDS);
	}

	static Stream<Arguments> errors() {
		byte[] content = { 1 };
		return Stream.of(
				Arguments.of("4.1, content beyond the window", QuicTransportError.FLOW_CONTROL_ERROR,
						QuicFrames.stream(0, 1 << 29, content, false)),
				Arguments.of("4.5, content beyond the final size", QuicTransportError.FINAL_SIZE_ERROR,
						Http3Frames.concat(QuicFrames.stream(0, 10, content, true),
								QuicFrames.stream(0, 20, content, false))),
				Arguments.of("4.6, stream beyond the limit", QuicTransportError.STREAM_LIMIT_ERROR,
						QuicFrames.stream(4 << 20, 0, content, false)),
				Arguments.of("12.4, frame of an unknown type", QuicTransportError.FRAME_ENCODING_ERROR,
						QuicFrames.numbers(0x42)),
				Arguments.of("12.4, packet without frames", QuicTransportError.PROTOCOL_VIOLATION, new byte[0]),
				Arguments.of("13.1, acknowledgement of what was not sent", QuicTransportError.PROTOCOL_VIOLATION,
						QuicFrames.numbers(0x02, 1 << 29, 0, 0, 0)),
				Arguments.of("19.4, reset of a stream of the server", QuicTransportError.STREAM_STATE_ERROR,
						QuicFrames.numbers(0x04, 3, 0, 0)),
				Arguments.of("19.5, STOP_SENDING for a stream on which only the client sends",
						QuicTransportError.STREAM_STATE_ERROR, QuicFrames.numbers(0x05, 2, 0)),
				Arguments.of("19.7, NEW_TOKEN", QuicTransportError.PROTOCOL_VIOLATION, QuicFrames.numbers(0x07, 1, 1)),
				Arguments.of("19.10, credit for a stream on which only the client sends",
						QuicTransportError.STREAM_STATE_ERROR, QuicFrames.numbers(0x11, 2, 1 << 20)),
				Arguments.of("19.11, more streams than there can be", QuicTransportError.FRAME_ENCODING_ERROR,
						QuicFrames.numbers(0x12, 1L << 61)),
				Arguments.of("19.15, more connection ids than allowed", QuicTransportError.CONNECTION_ID_LIMIT_ERROR,
						connectionIds(CONNECTION_IDS)),
				Arguments.of("19.20, HANDSHAKE_DONE", QuicTransportError.PROTOCOL_VIOLATION, QuicFrames.numbers(0x1e)));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("errors")
	void connectionIsClosedWithTheCodeAndNoOther(String error, QuicTransportError code, byte[] frames)
			throws Exception {
		try (RawConnection bad = connectRaw()) {
			get(bad.send(frames));
			assertThat(get(bad.closed())).isEqualTo(new CloseFrame(false, code.code(), ""));
			assertThat(get(this.good.get("/hello").response()).status()).isEqualTo(200);
		}
	}

	@Test
	void closeIsSentAgainWhenThePeerGoesOn() throws Exception {
		try (RawConnection bad = connectRaw()) {
			get(bad.send(QuicFrames.numbers(0x1e)));
			get(bad.closed());
			get(bad.send(QuicFrames.PING));
			await().atMost(PATIENCE).until(() -> bad.closesReceived() > 1);
		}
	}

	private RawConnection connectRaw() throws Exception {
		return RawConnection.connect(this.server.address(), this.eventLoops.next(), 1 << 20);
	}

	private static byte[] connectionIds(int count) {
		ByteArrayOutputStream frames = new ByteArrayOutputStream();
		for (int number = 1; number <= count; number++) {
			frames.writeBytes(QuicFrames.numbers(0x18, number, 0));
			frames.write(8);
			frames.writeBytes(id(number, 8));
			frames.writeBytes(id(number, 16));
		}
		return frames.toByteArray();
	}

	private static byte[] id(int number, int length) {
		byte[] id = new byte[length];
		id[0] = (byte) number;
		return id;
	}

}
