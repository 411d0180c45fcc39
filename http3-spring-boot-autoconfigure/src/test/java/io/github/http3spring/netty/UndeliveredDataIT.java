package io.github.http3spring.netty;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.EventLoops;
import io.github.http3spring.wire.QuicFrames;
import io.github.http3spring.wire.RawConnection;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireStream;
import io.netty.channel.EventLoopGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

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
