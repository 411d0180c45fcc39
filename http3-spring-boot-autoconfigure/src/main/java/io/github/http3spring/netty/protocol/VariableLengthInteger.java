package io.github.http3spring.netty.protocol;

/**
 * Reads integers of one to eight bytes (RFC 9000 section 16), however few bytes arrive at
 * a time. They need not be as short as possible.
 */
public final class VariableLengthInteger {

	private int bytesLeft;

	private long value;

	/**
	 * Read one byte.
	 * @return whether it was the last one of an integer
	 */
	public boolean read(int octet) {
		if (this.bytesLeft == 0) {
			this.bytesLeft = 1 << (octet >> 6);
			this.value = octet & 0x3f;
		}
		else {
			this.value = this.value << 8 | octet;
		}
		this.bytesLeft--;
		return this.bytesLeft == 0;
	}

	/**
	 * Return whether an integer has begun that has not ended.
	 */
	boolean isUnfinished() {
		return this.bytesLeft > 0;
	}

	/**
	 * Return the last integer that was read completely.
	 */
	public long value() {
		return this.value;
	}

}
