package io.github.http3spring.netty;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.fuzz.FuzzInput;
import io.github.http3spring.wire.EventLoops;
import io.github.http3spring.wire.Http3Frames;
import io.github.http3spring.wire.QuicFrames;
import io.github.http3spring.wire.RawConnection;
import io.netty.channel.EventLoopGroup;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client that has a connection and sends any frames of QUIC on it, protected as they
 * have to be. Most of what reads them is native code.
 */
public final class PacketFuzz {

	private static final FuzzedServer SERVER = FuzzedServer.instance();

	/**
	 * Connections that are made ahead of time.
	 */
	private static final int AHEAD = 8;

	private static final int MAX_PACKETS = 8;

	private static final int MAX_USES = 30;

	private static final int MAX_ATTEMPTS = 10;

	private static final EventLoopGroup EVENT_LOOPS = EventLoops.create(1, "wire-client-raw");

	private static final ExecutorService CONNECTING = Executors.newFixedThreadPool(AHEAD, (task) -> {
		Thread thread = new Thread(task, "connecting");
		thread.setDaemon(true);
		return thread;
	});

	private static final Queue<CompletableFuture<RawConnection>> AHEAD_OF_TIME = new ArrayDeque<>();

	private static @Nullable RawConnection connection;

	private static int uses;

	static {
		SERVER.onForget(PacketFuzz::leaveAll);
	}

	private PacketFuzz() {
	}

	/**
	 * Take packets: for each a byte that says how its frames are made.
	 */
	public static void run(byte[] bytes) {
		FuzzInput input = new FuzzInput(bytes);
		if (connection == null || connection.closed().isDone() || uses++ > MAX_USES) {
			replace();
		}
		long before = SERVER.datagrams();
		int count = 0;
		while (count < MAX_PACKETS && input.hasMore()) {
			byte[] frames = frames(input);
			if (frames.length > 0) {
				connection.send(frames).join();
				count++;
			}
		}
		SERVER.awaitDatagrams(before + count);
		SERVER.tried(bytes);
	}

	private static byte[] frames(FuzzInput input) {
		int kind = input.below(4);
		return switch (kind) {
			// Anything
			case 0 -> input.nextBytes();
			// A frame that is made of numbers, each as long as it has to be
			case 1 -> QuicFrames.numbers(1 + input.below(0x1f), number(input), number(input), number(input));
			// A part of a stream that is a request
			case 2 -> QuicFrames.stream(4 * input.below(8), input.below(4), input.nextBytes(), (input.next() & 1) != 0);
			default -> Http3Frames.concat(QuicFrames.numbers(0x18, number(input), number(input)),
					Http3Frames.concat(input.nextBytes(), input.nextBytes(16)));
		};
	}

	private static long number(FuzzInput input) {
		long value = input.next();
		return ((value & 0x80) != 0) ? (value & 0x7f) << input.below(56) : value;
	}

	private static void replace() {
		leave();
		while (AHEAD_OF_TIME.size() < AHEAD) {
			AHEAD_OF_TIME.add(CompletableFuture.supplyAsync(PacketFuzz::connect, CONNECTING));
		}
		connection = AHEAD_OF_TIME.remove().orTimeout(30, TimeUnit.SECONDS).join();
		uses = 0;
	}

	private static RawConnection connect() {
		for (int attempt = 1;; attempt++) {
			try {
				return RawConnection.connect(SERVER.address(), EVENT_LOOPS.next(), 1000);
			}
			catch (Exception ex) {
				assertThat(attempt).withFailMessage("No connection: %s", ex).isLessThan(MAX_ATTEMPTS);
			}
		}
	}

	private static void leave() {
		if (connection != null) {
			leave(connection);
			connection = null;
		}
	}

	private static void leave(RawConnection left) {
		if (!left.closed().isDone()) {
			left.send(QuicFrames.numbers(0x1d, 0x100, 0)).join();
		}
		left.close();
	}

	private static void leaveAll() {
		leave();
		while (!AHEAD_OF_TIME.isEmpty()) {
			leave(AHEAD_OF_TIME.remove().join());
		}
	}

}
