package io.github.http3spring.benchmarks.program;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What all servers answer.
 */
final class Content {

	static final String HELLO_PATH = "/hello";

	static final String BYTES_PATH = "/bytes/";

	static final String COUNT_PATH = "/count";

	static final String TEXT = "text/plain";

	static final String BINARY = "application/octet-stream";

	/**
	 * The body of a small response.
	 */
	static final String HELLO = "Hello, World!";

	/**
	 * How much of a large response is written at once.
	 */
	static final int CHUNK_SIZE = 16384;

	private static final byte[] HELLO_BYTES = HELLO.getBytes(StandardCharsets.UTF_8);

	/**
	 * Direct memory goes to the socket or to QUIC without a copy on the way.
	 */
	private static final ByteBuffer CHUNK = ByteBuffer.allocateDirect(CHUNK_SIZE).asReadOnlyBuffer();

	private Content() {
	}

	static byte[] hello() {
		return HELLO_BYTES;
	}

	/**
	 * Return the size that a path asks for.
	 */
	static long size(String path) {
		return Long.parseLong(path.substring(BYTES_PATH.length()));
	}

	/**
	 * Return the next bytes of a large body.
	 * @param left how many are left
	 */
	static ByteBuffer chunk(long left) {
		return CHUNK.slice(0, (int) Math.min(left, CHUNK_SIZE));
	}

}
