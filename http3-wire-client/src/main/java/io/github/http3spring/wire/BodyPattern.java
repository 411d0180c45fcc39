package io.github.http3spring.wire;

/**
 * The pattern "byte i is i modulo 251", against which content is checked as it arrives.
 * The length is a prime, so that no loss or repetition of whole buffers goes unseen. Not
 * thread-safe.
 */
public final class BodyPattern {

	/**
	 * Number of bytes after which the pattern begins again.
	 */
	public static final int LENGTH = 251;

	private int next;

	private boolean matches = true;

	/**
	 * Return the beginning of the pattern.
	 * @param count the number of bytes
	 * @return new bytes
	 */
	public static byte[] bytes(int count) {
		byte[] bytes = new byte[count];
		for (int index = 0; index < count; index++) {
			bytes[index] = (byte) (index % LENGTH);
		}
		return bytes;
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
