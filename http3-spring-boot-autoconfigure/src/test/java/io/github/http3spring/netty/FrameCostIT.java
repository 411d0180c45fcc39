package io.github.http3spring.netty;

import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.wire.EventLoops;
import io.github.http3spring.wire.Http3Frames;
import io.github.http3spring.wire.QuicFrames;
import io.github.http3spring.wire.RawConnection;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.netty.channel.EventLoopGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The table of what frames cost that bring nothing: time of the event loops until the
 * connection is closed that sends one kind of them. {@code -Dattack.table} prints it.
 */
@EnabledIfSystemProperty(named = "attack.table", matches = ".*", disabledReason = "takes a minute")
class FrameCostIT {

	private static final Logger logger = LoggerFactory.getLogger(FrameCostIT.class);

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	private static final String KINDS = System.getProperty("attack.kinds", "");

	private static final int PACKET = 1100;

	/**
	 * Begin of a control stream: its type, and SETTINGS without any.
	 */
	private static final byte[] CONTROL = { 0, Http3Frames.SETTINGS, 0 };

	private static final int WARM_UP = 2;

	private static final int CONNECTIONS = 5;

	/**
	 * Packets after which a connection has to be closed.
	 */
	private static final int MOST = 8000;

	private static final int LOOK_INTERVAL = 50;

	private static final int MOVES = 500;

	private final EventLoopGroup eventLoops = EventLoops.create(1, "raw-client");

	@AfterEach
	void endEventLoops() {
		this.eventLoops.shutdownGracefully(0, 5, TimeUnit.SECONDS);
	}

	@ParameterizedTest
	@EnumSource
	void connectionIsClosedThatSendsNothingElse(Frames kind) throws Exception {
		assumeTrue(KINDS.isEmpty() || List.of(KINDS.split(",")).contains(kind.name()));
		long sent = 0;
		long nanos = 0;
		try (TestServer server = TestServer.start()) {
			for (int number = 0; number < WARM_UP + CONNECTIONS; number++) {
				try (RawConnection connection = RawConnection.connect(server.address(), this.eventLoops.next(),
						1 << 20)) {
					get(connection.send(kind.begin));
					long before = eventLoopNanos();
					long frames = sendUntilClosed(server, connection, kind);
					if (number >= WARM_UP) {
						sent += frames;
						nanos += eventLoopNanos() - before;
					}
				}
			}
		}
		logger.info("| {} | {} | {} ms | {} ns |", kind.description, "%,d".formatted(sent / CONNECTIONS),
				"%.1f".formatted(nanos / 1e6 / CONNECTIONS), nanos / sent);
	}

	/**
	 * Send packets full of frames.
	 * @return the number of frames
	 */
	private static long sendUntilClosed(TestServer server, RawConnection connection, Frames kind) throws Exception {
		long frames = 0;
		int offset = kind.offset;
		for (int packet = 0; packet < MOST && !isClosed(server, connection, packet); packet++) {
			ByteArrayOutputStream content = new ByteArrayOutputStream(PACKET);
			while (content.size() < PACKET - 16) {
				content.writeBytes(kind.frame(frames++));
			}
			byte[] bytes = content.toByteArray();
			get(connection.send((kind.stream < 0) ? bytes : QuicFrames.stream(kind.stream, offset, bytes, false)));
			offset += bytes.length;
			// The server is to close it before the next one is on its way
			TimeUnit.MILLISECONDS.sleep(1);
		}
		assertThat(isClosed(server, connection, 0)).as("closed after %,d frames", frames).isTrue();
		if (connection.closed().isDone()) {
			assertThat(get(connection.closed()).errorCode()).isEqualTo(0x107);
		}
		return frames;
	}

	/**
	 * Return whether the server has closed the connection. The client need not learn of
	 * it: one that is sent PATH_RESPONSE and acknowledges nothing has no room for
	 * CONNECTION_CLOSE in its congestion window.
	 */
	private static boolean isClosed(TestServer server, RawConnection connection, int packet) throws Exception {
		return connection.closed().isDone()
				|| packet % LOOK_INTERVAL == 0 && get(server.server().snapshot(0, 1)).connectionCount() == 0;
	}

	@Test
	void moveCosts() throws Exception {
		try (TestServer server = TestServer.start();
				UdpProxy path = UdpProxy.to(server.address());
				WireClient client = WireClient.create()) {
			WireConnection connection = get(client.connect(path.address()));
			long calm = 0;
			long moving = 0;
			for (int move = 0; move < MOVES; move++) {
				long start = eventLoopNanos();
				assertThat(get(connection.get("/hello").response()).status()).isEqualTo(200);
				long middle = eventLoopNanos();
				path.rebind();
				assertThat(get(connection.get("/hello").response()).status()).isEqualTo(200);
				calm += middle - start;
				moving += eventLoopNanos() - middle;
				if (!connection.goAwayIds().isEmpty()) {
					connection = get(client.connect(path.address()));
				}
			}
			logger.info("| a move, beside a request | {} us more |", (moving - calm) / MOVES / 1000);
		}
	}

	/**
	 * Return the CPU time of the event loops of the server, once they are idle.
	 */
	private static long eventLoopNanos() {
		long[] last = { -1 };
		await().pollInterval(5, TimeUnit.MILLISECONDS).until(() -> {
			long now = Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
				.filter((thread) -> thread != null && thread.getThreadName().startsWith("http3-"))
				.mapToLong(ThreadInfo::getThreadId)
				.map(THREADS::getThreadCpuTime)
				.sum();
			boolean idle = now - last[0] < 20_000;
			last[0] = now;
			return idle;
		});
		return last[0];
	}

	/**
	 * Frames that bring nothing.
	 */
	private enum Frames {

		EMPTY_DATA("DATA without content", 0, Http3Frames.headers("POST", "localhost", "/count", Map.of())) {

			@Override
			byte[] frame(long number) {
				return Http3Frames.frame(Http3Frames.DATA, new byte[0]);
			}

		},

		RESERVED("frames of a reserved type", 2, CONTROL) {

			@Override
			byte[] frame(long number) {
				return Http3Frames.frame(0x21, new byte[0]);
			}

		},

		PRIORITY_UPDATE("PRIORITY_UPDATE", 2, CONTROL) {

			@Override
			byte[] frame(long number) {
				return Http3Frames.frame(0xf0700, Http3Frames.varint(0));
			}

		},

		MAX_PUSH_ID("MAX_PUSH_ID", 2, CONTROL) {

			@Override
			byte[] frame(long number) {
				return Http3Frames.frame(0x0d, Http3Frames.varint(number));
			}

		},

		STREAM_CANCELLATION("QPACK Stream Cancellation", 6, new byte[] { 0x03 }) {

			@Override
			byte[] frame(long number) {
				return new byte[] { 0x44 };
			}

		},

		PING("PING", -1, QuicFrames.PING) {

			@Override
			byte[] frame(long number) {
				return QuicFrames.PING;
			}

		},

		PATH_CHALLENGE("PATH_CHALLENGE", -1, QuicFrames.PING) {

			@Override
			byte[] frame(long number) {
				return QuicFrames.pathChallenge(number);
			}

		},

		MAX_DATA("MAX_DATA", -1, QuicFrames.PING) {

			@Override
			byte[] frame(long number) {
				return QuicFrames.numbers(0x10, (2 << 20) + number);
			}

		},

		DATA_BLOCKED("DATA_BLOCKED", -1, QuicFrames.PING) {

			@Override
			byte[] frame(long number) {
				return QuicFrames.numbers(0x14, number);
			}

		};

		private final String description;

		private final int stream;

		private final byte[] begin;

		private final int offset;

		Frames(String description, int stream, byte[] begin) {
			this.description = description;
			this.stream = stream;
			this.begin = (stream < 0) ? begin : QuicFrames.stream(stream, 0, begin, false);
			this.offset = begin.length;
		}

		/**
		 * Return the frame with a number.
		 */
		abstract byte[] frame(long number);

	}

}
