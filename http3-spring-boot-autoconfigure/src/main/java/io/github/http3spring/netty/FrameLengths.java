package io.github.http3spring.netty;

import io.netty.buffer.ByteBuf;

/**
 * Follows the frames of a stream as they arrive (RFC 9114 section 7.1) and finds one that
 * is too long as soon as it begins. The codec collects every frame but DATA as a whole,
 * up to 2 GB, before it looks at it.
 */
final class FrameLengths {

	private static final long DATA = 0x00;

	private static final long HEADERS = 0x01;

	private final long maximum;

	private boolean typeRead;

	private long type;

	private long integer;

	private int integerBytesLeft;

	private long payloadLeft;

	/**
	 * Begin with a new stream.
	 * @param maximum the largest length of a frame, DATA excepted, in bytes
	 */
	FrameLengths(long maximum) {
		this.maximum = maximum;
	}

	/**
	 * Follow what has arrived, without reading it.
	 * @return whether no frame is too long so far
	 */
	boolean follow(ByteBuf buffer) {
		int index = buffer.readerIndex();
		int end = buffer.writerIndex();
		while (index < end && !isExceeded()) {
			if (this.payloadLeft > 0) {
				int skipped = (int) Math.min(this.payloadLeft, end - index);
				this.payloadLeft -= skipped;
				index += skipped;
			}
			else if (readInteger(buffer.getUnsignedByte(index++))) {
				if (this.typeRead) {
					this.payloadLeft = this.integer;
				}
				else {
					this.type = this.integer;
				}
				this.typeRead = !this.typeRead;
			}
		}
		return !isExceeded();
	}

	private boolean isExceeded() {
		return this.payloadLeft > this.maximum && this.type != DATA;
	}

	/**
	 * Read one byte of a variable-length integer (RFC 9000 section 16).
	 * @return whether it was the last one
	 */
	private boolean readInteger(int octet) {
		if (this.integerBytesLeft == 0) {
			this.integerBytesLeft = 1 << (octet >> 6);
			this.integer = octet & 0x3f;
		}
		else {
			this.integer = this.integer << 8 | octet;
		}
		this.integerBytesLeft--;
		return this.integerBytesLeft == 0;
	}

	/**
	 * Return whether the last frame that has begun is a field section.
	 */
	boolean isFieldSection() {
		return this.type == HEADERS;
	}

}
