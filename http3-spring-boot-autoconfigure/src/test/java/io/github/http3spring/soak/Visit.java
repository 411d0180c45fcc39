package io.github.http3spring.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.wire.Http3Frames;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a client does to a server with one connection, and how it leaves.
 */
enum Visit {

	/** Some requests, one after another. */
	REQUESTS {

		@Override
		void make(WireConnection connection, Random random) throws Exception {
			for (int request = 0; request < 5; request++) {
				check(connection, "/hello");
			}
		}

	},

	/** Some requests at once. */
	PARALLEL_REQUESTS {

		@Override
		void make(WireConnection connection, Random random) throws Exception {
			List<WireStream> streams = new ArrayList<>();
			for (int request = 0; request < 20; request++) {
				streams.add(connection.get("/bytes/1000?after=" + random.nextInt(50)));
			}
			for (WireStream stream : streams) {
				check(stream, 1000);
			}
		}

	},

	/** A large response. */
	DOWNLOAD {

		@Override
		void make(WireConnection connection, Random random) throws Exception {
			int size = random.nextInt(500_000);
			check(connection.get("/bytes/" + size), size);
		}

	},

	/** A file. */
	FILE {

		@Override
		void make(WireConnection connection, Random random) throws Exception {
			check(connection.get("/file"), 1_000_000);
		}

	},

	/** Content that is counted. */
	UPLOAD {

		@Override
		void make(WireConnection connection, Random random) throws Exception {
			int size = 100_000 + random.nextInt(200_000);
			WireResponse response = get(connection.post("/count", size).response());
			assertThat(response.status()).isEqualTo(200);
			assertThat(response.bodyAsString()).isEqualTo(String.valueOf(size));
		}

	},

	/** Content that comes back. */
	ECHO {

		@Override
		void make(WireConnection connection, Random random) throws Exception {
			int size = random.nextInt(200_000);
			check(connection.post("/echo", size), size);
		}

	},

	/** Events, until the client has enough of them. */
	EVENTS {

		@Override
		void make(WireConnection connection, Random random) throws Exception {
			WireStream events = connection.get("/events");
			assertThat(get(events.headersReceived())).isEqualTo(200);
			awaitBytes(events, 30);
			events.stopSending(CANCELLED);
			check(connection, "/hello");
		}

	},

	/** Requests that are sent before the handshake is done, if there is a ticket. */
	EARLY_DATA {

		@Override
		void make(Visitors visitors, Random random) throws Exception {
			WireConnection connection = visitors.returnEarly();
			try {
				assertThat(get(connection.get("/early-data").response()).bodyAsString()).startsWith("Early-Data: ");
			}
			finally {
				connection.close();
			}
		}

		@Override
		void make(WireConnection connection, Random random) {
			throw new UnsupportedOperationException();
		}

	},

	/** A handshake that the client does not finish. */
	VANISH_IN_HANDSHAKE {

		@Override
		void make(Visitors visitors, Random random) {
			visitors.vanishInHandshake();
		}

		@Override
		void make(WireConnection connection, Random random) {
			throw new UnsupportedOperationException();
		}

	},

	/** No more than a connection. */
	VANISH_BEFORE_REQUEST {

		@Override
		void make(WireConnection connection, Random random) {
			connection.abandon();
		}

	},

	/** A part of a header section, and nothing more. */
	VANISH_IN_HEADERS {

		@Override
		void make(WireConnection connection, Random random) {
			connection.openSilently().partialHeaders("GET", "/hello", Map.of(), 1 + random.nextInt(30));
			check(connection, "/hello");
			connection.abandon();
		}

	},

	/** A part of the content, and nothing more. */
	VANISH_IN_BODY {

		@Override
		void make(WireConnection connection, Random random) {
			connection.request("POST", "/echo", Map.of()).writePattern(random.nextInt(100_000)).join();
			connection.abandon();
		}

	},

	/** A response of which the client sees a part. */
	VANISH_IN_RESPONSE {

		@Override
		void make(WireConnection connection, Random random) {
			awaitBytes(connection.get("/bytes/20000000"), 1);
			connection.abandon();
		}

	},

	/** A file of which the client sees a part. */
	VANISH_IN_FILE {

		@Override
		void make(WireConnection connection, Random random) {
			awaitBytes(connection.get("/file"), 1);
			connection.abandon();
		}

	},

	/** Events of which the client sees some. */
	VANISH_IN_EVENTS {

		@Override
		void make(WireConnection connection, Random random) {
			awaitBytes(connection.get("/events"), 1);
			connection.abandon();
		}

	},

	/** RESET_STREAM within the header section. */
	RESET_IN_HEADERS {

		@Override
		void make(WireConnection connection, Random random) {
			WireStream stream = connection.openSilently();
			stream.partialHeaders("GET", "/hello", Map.of(), 1 + random.nextInt(30));
			stream.reset(CANCELLED);
			check(connection, "/hello");
		}

	},

	/** RESET_STREAM within the content. */
	RESET_IN_BODY {

		@Override
		void make(WireConnection connection, Random random) {
			WireStream stream = connection.request("POST", "/echo", Map.of());
			stream.writePattern(random.nextInt(100_000)).join();
			stream.reset(CANCELLED);
			check(connection, "/hello");
		}

	},

	/** STOP_SENDING before the response. */
	CANCEL_BEFORE_RESPONSE {

		@Override
		void make(WireConnection connection, Random random) {
			WireStream never = connection.get("/never");
			check(connection, "/hello");
			never.cancel(CANCELLED);
			check(connection, "/hello");
		}

	},

	/** STOP_SENDING within the response. */
	STOP_IN_RESPONSE {

		@Override
		void make(WireConnection connection, Random random) {
			WireStream stream = connection.get("/bytes/20000000");
			awaitBytes(stream, 1);
			stream.stopSending(CANCELLED);
			check(connection, "/hello");
		}

	},

	/** CONNECTION_CLOSE within the content. */
	CLOSE_IN_BODY {

		@Override
		void make(WireConnection connection, Random random) {
			connection.request("POST", "/echo", Map.of()).writePattern(random.nextInt(100_000)).join();
		}

	},

	/** CONNECTION_CLOSE within the response. */
	CLOSE_IN_RESPONSE {

		@Override
		void make(WireConnection connection, Random random) {
			awaitBytes(connection.get("/bytes/20000000"), 1);
		}

	},

	/** A response that is not read, and then the end. */
	CLOSE_WITHOUT_READING {

		@Override
		void make(WireConnection connection, Random random) {
			WireStream stream = connection.openSilently();
			stream.pauseReading();
			stream.headers("GET", "/bytes/20000000", Map.of()).finish();
			check(connection, "/hello");
		}

	},

	/** A malformed request. */
	MALFORMED_REQUEST {

		@Override
		void make(WireConnection connection, Random random) {
			connection.openSilently().rawLast(Http3Frames.fields(":method", "GET", ":path", "none"));
			check(connection, "/hello");
		}

	},

	/** A frame where none of its kind may be. */
	BROKEN_PROTOCOL {

		@Override
		void make(WireConnection connection, Random random) throws Exception {
			connection.get("/never");
			connection.rawBidirectional(Http3Frames.frame(Http3Frames.SETTINGS, new byte[0]));
			assertThat(get(connection.closed()).errorCode()).isIn(0x100L, FRAME_UNEXPECTED);
		}

	};

	/** H3_FRAME_UNEXPECTED (RFC 9114 section 8.1). */
	private static final long FRAME_UNEXPECTED = 0x105;

	/** H3_REQUEST_CANCELLED. */
	private static final long CANCELLED = 0x10c;

	private static final int TIMEOUT_SECONDS = 30;

	/**
	 * Make the visit.
	 */
	void make(Visitors visitors, Random random) throws Exception {
		WireConnection connection = visitors.connect(random);
		try {
			make(connection, random);
		}
		finally {
			connection.close();
		}
	}

	abstract void make(WireConnection connection, Random random) throws Exception;

	static <T> T get(CompletableFuture<T> future) throws Exception {
		return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
	}

	private static void check(WireConnection connection, String path) {
		assertThat(connection.get(path).response().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join().status())
			.isEqualTo(200);
	}

	private static void check(WireStream stream, long length) throws Exception {
		WireResponse response = get(stream.response());
		assertThat(response.status()).isEqualTo(200);
		assertThat(response.bodyLength()).isEqualTo(length);
		assertThat(response.patternMatches()).isTrue();
	}

	/**
	 * Wait until so many bytes of a response have arrived, or the connection has ended.
	 */
	private static void awaitBytes(WireStream stream, long bytes) {
		await().atMost(TIMEOUT_SECONDS, TimeUnit.SECONDS)
			.until(() -> stream.bytesReceived() >= bytes || stream.response().isDone());
	}

}
