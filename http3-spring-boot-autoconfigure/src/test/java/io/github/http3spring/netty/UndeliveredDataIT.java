package io.github.http3spring.netty;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.EventLoops;
import io.github.http3spring.wire.QuicFrames;
import io.github.http3spring.wire.RawConnection;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireStream;
import io.netty.channel.EventLoopGroup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients that send what cannot be delivered.
 */
class UndeliveredDataIT {

	private static final CloseFrame EXCESSIVE_LOAD = new CloseFrame(true, 0x107, "");

	private static final int FRAMES_PER_PACKET = 1100;

	/**
	 * Frames with a byte of content each that fit into a packet.
	 */
	private static final int GAPS = 120;

	/**
	 * Bytes on the wire, many times what fits into the initial window: with a small
	 * receive buffer most of them are lost.
	 */
	private static final int MOST = 10_000_000;

	/**
	 * Packets after which the window of a stream is used up.
	 */
	private static final int PACKETS = 1000;

	/**
	 * Packets that fit into the window of a stream.
	 */
	private static final int DIFFERENT = 300;

	/**
	 * Bytes that take a while to free.
	 */
	private static final int MUCH = 200_000;

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final EventLoopGroup eventLoops = EventLoops.create(1, "raw-client");

	@AutoClose
	private final WireClient client = WireClient.create();

	@AfterEach
	void endEventLoops() {
		this.eventLoops.shutdownGracefully(0, 5, TimeUnit.SECONDS);
	}

	@Test
	void contentInTinyPartsWithGapsClosesTheConnectionAndNoOther() throws Exception {
		try (TestServer server = TestServer.start(); RawConnection bad = connectRaw(server)) {
			WireConnection good = connect(server);
			long sent = 0;
			for (int number = 0; sent < MOST && !bad.closed().isDone(); number++) {
				// Two streams by turns: one has not so much credit. What was lost is sent
				// again
				byte[] packet = gaps(4L * (number % 2), 1 + number / 2 % PACKETS * 2 * GAPS, GAPS);
				get(bad.send(packet));
				sent += packet.length;
			}
			assertThat(get(bad.closed())).isEqualTo(EXCESSIVE_LOAD);
			assertThat(get(good.get("/hello").response()).status()).isEqualTo(200);
			await().atMost(PATIENCE).until(() -> server.server().getMemoryUsage().undeliveredData() == 0);
			// It is freed some time after its close
			await().atMost(PATIENCE).until(() -> get(server.server().snapshot(0, 1)).connectionCount() == 1);
		}
	}

	static Stream<Arguments> ends() {
		return Stream.of(
				Arguments.of(Named.of("an error that quiche finds", QuicFrames.numbers(0x1e)),
						new CloseFrame(false, 0x0a, "")),
				Arguments.of(
						Named.of("an error that the HTTP/3 codec finds", QuicFrames.stream(8, 0, new byte[2], false)),
						new CloseFrame(true, 0x105, "")),
				Arguments.of(Named.of("the close of the client", QuicFrames.numbers(0x1d, 0x100, 0)), null));
	}

	@ParameterizedTest
	@MethodSource("ends")
	void connectionThatHoldsMuchIsFreedWhateverEndsIt(byte[] end, @Nullable CloseFrame close) throws Exception {
		try (TestServer server = TestServer.start(); RawConnection bad = connectRaw(server)) {
			await().atMost(PATIENCE).until(() -> get(server.server().snapshot(0, 1)).connectionCount() == 1);
			for (int number = 0; server.server().getMemoryUsage().undeliveredData() < MUCH; number++) {
				assertThat(number).isLessThan(2 * PACKETS);
				// Again and again: what counts is what has arrived
				get(bad.send(gaps(0, 1 + number % DIFFERENT * 2 * GAPS, GAPS)));
				if (number % 20 == 0) {
					// Not faster than the server reads
					get(server.server().snapshot(0, 1));
				}
			}
			get(bad.send(end));
			if (close != null) {
				assertThat(get(bad.closed())).isEqualTo(close);
			}
			await().atMost(PATIENCE).until(() -> get(server.server().snapshot(0, 1)).connectionCount() == 0);
			assertThat(server.server().getMemoryUsage().undeliveredData()).isZero();
			get(bad.send(QuicFrames.PING));
			get(connect(server).get("/hello").response());
			if (close == null) {
				// A draining connection sends nothing (RFC 9000 section 10.2.2)
				assertThat(bad.closed()).isNotDone();
			}
		}
	}

	@Test
	void packetsWithoutContentCloseTheConnection() throws Exception {
		byte[] pings = new byte[FRAMES_PER_PACKET];
		Arrays.fill(pings, QuicFrames.PING[0]);
		try (TestServer server = TestServer.start(); RawConnection bad = connectRaw(server)) {
			for (int packet = 0; packet < 4000 && !bad.closed().isDone(); packet++) {
				get(bad.send(pings));
			}
			assertThat(get(bad.closed())).isEqualTo(EXCESSIVE_LOAD);
		}
	}

	@Test
	void uploadsThatNobodyReadsGiveWayToOthers() throws Exception {
		try (TestServer server = TestServer.start("http3.server.max-undelivered-data=2MB")) {
			List<WireConnection> bad = WireConnections.open(this.client, server.address(), 16);
			for (WireConnection connection : bad) {
				for (int number = 0; number < 2; number++) {
					connection.request("POST", "/unread?millis=20000", Map.of()).write(new byte[120_000]);
				}
			}
			await().atMost(PATIENCE)
				.until(() -> bad.stream().filter((connection) -> connection.closed().isDone()).count() >= 4);
			assertThat(server.server().getMemoryUsage().undeliveredData()).isLessThan(3 << 20);
			for (WireConnection connection : bad) {
				if (connection.closed().isDone()) {
					assertThat(get(connection.closed())).isEqualTo(EXCESSIVE_LOAD);
				}
			}
			assertThat(get(connect(server).post("/count", 3_000_000).response()).bodyAsString()).isEqualTo("3000000");
		}
	}

	@Test
	void uploadsThatAreRefusedOneAfterTheOtherAreNoAttack() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			for (int number = 0; number < 50; number++) {
				WireStream upload = connection.request("POST", "/early", Map.of());
				upload.write(new byte[200_000]);
				assertThat(get(upload.response()).status()).isEqualTo(413);
			}
			assertThat(get(connection.get("/hello").response()).status()).isEqualTo(200);
		}
	}

	/**
	 * Return a packet's worth of frames with a byte of content each and a gap of a byte
	 * between them.
	 */
	private static byte[] gaps(long streamId, int offset, int count) {
		ByteArrayOutputStream frames = new ByteArrayOutputStream();
		for (int number = 0; number < count; number++) {
			frames.writeBytes(QuicFrames.stream(streamId, offset + 2L * number, new byte[1], false));
		}
		return frames.toByteArray();
	}

	private RawConnection connectRaw(TestServer server) throws Exception {
		return RawConnection.connect(server.address(), this.eventLoops.next(), 1 << 20);
	}

	private WireConnection connect(TestServer server) throws Exception {
		return get(this.client.connect(server.address()));
	}

}
