package io.github.http3spring.fuzz;

import java.util.Arrays;

/**
 * What a fuzzer has made up, read from its beginning: each byte decides about something,
 * and beyond the end there are zeros.
 */
public final class FuzzInput {

	private final byte[] bytes;

	private int position;

	/**
	 * Begin to read.
	 */
	public FuzzInput(byte[] bytes) {
		this.bytes = bytes;
	}

	/**
	 * Return whether there is more.
	 */
	public boolean hasMore() {
		return this.position < this.bytes.length;
	}

	/**
	 * Return the next byte, without a sign.
	 */
	public int next() {
		return hasMore() ? this.bytes[this.position++] & 0xff : 0;
	}

	/**
	 * Return the next byte as one of so many.
	 */
	public int below(int count) {
		return next() % count;
	}

	/**
	 * Return the next four bytes as a number.
	 */
	public int nextInt() {
		return next() << 24 | next() << 16 | next() << 8 | next();
	}

	/**
	 * Return the next byte as a length, and that many bytes, as far as there are any.
	 */
	public byte[] nextBytes() {
		return nextBytes(next());
	}

	/**
	 * Return the next bytes, as far as there are any.
	 */
	public byte[] nextBytes(int length) {
		int start = this.position;
		this.position = Math.min(this.bytes.length, start + length);
		return Arrays.copyOfRange(this.bytes, start, this.position);
	}

	/**
	 * Return all that is left.
	 */
	public byte[] rest() {
		return nextBytes(this.bytes.length - this.position);
	}

}
