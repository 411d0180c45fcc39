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

	private final VariableLengthInteger integer = new VariableLengthInteger();

	private boolean typeRead;

	private long type;

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
			else if (this.integer.read(buffer.getUnsignedByte(index++))) {
				if (this.typeRead) {
					this.payloadLeft = this.integer.value();
				}
				else {
					this.type = this.integer.value();
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
	 * Return whether the last frame that has begun is a field section.
	 */
	boolean isFieldSection() {
		return this.type == HEADERS;
	}

}
