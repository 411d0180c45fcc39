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

	private boolean typeRead;

	private long type;

	private long integer;

	private int integerBytesLeft;

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
			else if (readInteger(buffer.getUnsignedByte(index++))) {
				if (this.typeRead) {
					this.payloadLeft = this.integer;
					this.error = this.check.apply(this.type, this.integer);
				}
				else {
					this.type = this.integer;
				}
				this.typeRead = !this.typeRead;
			}
		}
		return this.error;
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
	 * Return whether a frame has begun that has not ended.
	 */
	boolean isInFrame() {
		return this.typeRead || this.integerBytesLeft > 0 || this.payloadLeft > 0;
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
