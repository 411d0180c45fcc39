package io.github.http3spring.netty;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.fuzz.FuzzInput;
import io.github.http3spring.wire.ConnectionClosedException;
import io.github.http3spring.wire.Http3Frames;
import io.github.http3spring.wire.StreamResetException;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireStream;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client that has a connection and puts anything on its streams: frames of requests,
 * control frames, QPACK instructions, resets. After each input the connection either
 * answers a request as if nothing had happened, or is closed by the server.
 */
public final class StreamFuzz {

	private static final FuzzedServer SERVER = FuzzedServer.instance();

	private static final WireClient CLIENT = WireClient
		.create(WireOptions.defaults().withControlStream(false).withRecordStreamEvents(false).withBodyLimit(16));

	/**
	 * Requests after which a connection is replaced.
	 */
	private static final int MAX_USES = 60;

	private static final int MAX_STEPS = 12;

	private static @Nullable WireConnection connection;

	private static int uses;

	static {
		SERVER.onForget(StreamFuzz::leave);
	}

	private StreamFuzz() {
	}

	/**
	 * Take steps, after a byte that says whether the connection has to be a new one.
	 */
	public static void run(byte[] bytes) {
		FuzzInput input = new FuzzInput(bytes);
		if ((input.next() & 1) != 0 || uses++ > MAX_USES) {
			leave();
		}
		try {
			WireConnection used = connect();
			List<WireStream> streams = new ArrayList<>();
			for (int step = 0; step < MAX_STEPS && input.hasMore(); step++) {
				step(used, streams, input);
			}
			ask(used);
			streams.forEach((stream) -> stream.cancel(0x10c));
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
		SERVER.tried(bytes);
	}

	private static WireConnection connect() {
		if (connection == null) {
			connection = SERVER.connect(CLIENT);
			uses = 0;
		}
		return connection;
	}

	private static void leave() {
		if (connection != null) {
			connection.close();
			connection = null;
		}
	}

	private static void step(WireConnection used, List<WireStream> streams, FuzzInput input) {
		int kind = input.below(8);
		WireStream last = streams.isEmpty() ? null : streams.get(streams.size() - 1);
		if (kind == 0 || (last == null && kind > 2)) {
			streams.add(used.rawBidirectional(input.nextBytes()));
			return;
		}
		switch (kind) {
			case 1 -> streams.add(used.rawUnidirectional(input.nextBytes()));
			case 2 -> streams.add(used.rawBidirectional(headers(input)));
			case 3 -> last.raw(input.nextBytes());
			case 4 -> last.rawLast(input.nextBytes());
			case 5 -> last.reset(input.next());
			case 6 -> last.stopSending(input.next());
			default -> last.raw(headers(input));
		}
	}

	/**
	 * A header section that is valid, but for fields of any kind.
	 */
	private static byte[] headers(FuzzInput input) {
		List<String> fields = new ArrayList<>(List.of(":method", ((input.next() & 1) != 0) ? "POST" : "GET", ":scheme",
				"https", ":authority", "localhost", ":path", "/" + text(input)));
		for (int count = input.below(4); count > 0; count--) {
			fields.add(text(input));
			fields.add(text(input));
		}
		return Http3Frames.fields(fields.toArray(String[]::new));
	}

	private static String text(FuzzInput input) {
		return new String(input.nextBytes(input.below(24)), StandardCharsets.ISO_8859_1);
	}

	private static void ask(WireConnection used) throws Exception {
		CompletableFuture<?> response = used.get("/").response();
		try {
			response.get(20, TimeUnit.SECONDS);
		}
		catch (ExecutionException ex) {
			assertThat(ex.getCause()).isInstanceOfAny(ConnectionClosedException.class, StreamResetException.class,
					CancellationException.class, IOException.class);
			assertThat(used.closed().get(20, TimeUnit.SECONDS)).isNotNull();
			connection = null;
		}
	}

}
