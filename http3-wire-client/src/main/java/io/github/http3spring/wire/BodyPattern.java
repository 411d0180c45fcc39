package io.github.http3spring.wire;

/**
 * Checks content against the pattern "byte i is i modulo 251" as it arrives. The length
 * is a prime, so that no loss or repetition of whole buffers goes unseen. Not
 * thread-safe.
 */
final class BodyPattern {

	static final int LENGTH = 251;

	private int next;

	private boolean matches = true;

	static byte at(long index) {
		return (byte) (index % LENGTH);
	}

	void check(byte[] bytes, int length) {
		int expected = this.next;
		boolean same = this.matches;
		for (int i = 0; i < length; i++) {
			same &= bytes[i] == (byte) expected;
			expected = (expected == LENGTH - 1) ? 0 : expected + 1;
		}
		this.next = expected;
		this.matches = same;
	}

	boolean matches() {
		return this.matches;
	}

}
