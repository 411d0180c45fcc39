package io.github.http3spring.netty;

import io.netty.buffer.ByteBuf;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Follows the frames of a stream as they arrive (RFC 9114 section 7.1) and has each
 * checked as soon as it begins. The codec collects every frame but DATA as a whole, up to
 * 2 GB, before it looks at it, and does not notice a stream that ends within one.
 */
final class FrameHeaders {

	static final long DATA = 0x00;

	static final long HEADERS = 0x01;

	static final long CANCEL_PUSH = 0x03;

	static final long SETTINGS = 0x04;

	static final long PUSH_PROMISE = 0x05;

	static final long GOAWAY = 0x07;

	static final long MAX_PUSH_ID = 0x0d;

	private final Check check;

	private final VariableLengthInteger integer = new VariableLengthInteger();

	private boolean typeRead;

	private long type;

	private long payloadLeft;

	private @Nullable Http3ErrorCode error;

	/**
	 * Begin with a new stream.
	 * @param check decides about each frame
	 */
	FrameHeaders(Check check) {
		this.check = check;
	}

	/**
	 * Follow what has arrived, without reading it.
	 * @return what is wrong with a frame, {@code null} as long as nothing is
	 */
	@Nullable Http3ErrorCode follow(ByteBuf buffer) {
		int index = buffer.readerIndex();
		int end = buffer.writerIndex();
		while (index < end && this.error == null) {
			if (this.payloadLeft > 0) {
				int skipped = (int) Math.min(this.payloadLeft, end - index);
				this.payloadLeft -= skipped;
				index += skipped;
			}
			else if (this.integer.read(buffer.getUnsignedByte(index++))) {
				if (this.typeRead) {
					this.payloadLeft = this.integer.value();
					this.error = this.check.apply(this.type, this.payloadLeft);
				}
				else {
					this.type = this.integer.value();
				}
				this.typeRead = !this.typeRead;
			}
		}
		return this.error;
	}

	/**
	 * Return whether a frame has begun that has not ended.
	 */
	boolean isInFrame() {
		return this.typeRead || this.integer.isUnfinished() || this.payloadLeft > 0;
	}

	/**
	 * Return whether the last frame that has begun is a field section.
	 */
	boolean isFieldSection() {
		return this.type == HEADERS;
	}

	/**
	 * Decides about a frame that begins.
	 */
	@FunctionalInterface
	interface Check {

		/**
		 * Return what is wrong with a frame.
		 * @param type the type
		 * @param length the length of the payload in bytes
		 * @return the error code, {@code null} if nothing is wrong
		 */
		@Nullable Http3ErrorCode apply(long type, long length);

	}

}
