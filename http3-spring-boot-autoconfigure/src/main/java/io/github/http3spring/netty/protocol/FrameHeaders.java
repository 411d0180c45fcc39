package io.github.http3spring.netty.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Follows the frames of a stream as they arrive (RFC 9114 section 7.1), has each checked
 * as soon as it begins, and takes away those of unknown types, which mean nothing
 * (section 9). The codec collects every frame but DATA as a whole, up to 2 GB, before it
 * looks at it, does not notice a stream or an integer that ends too late, takes a large
 * type for the one that its last four bytes are, and loses its place in an unknown frame
 * that arrives in parts.
 */
public final class FrameHeaders {

	/**
	 * Type of a DATA frame (RFC 9114 section 7.2.1).
	 */
	public static final long DATA = 0x00;

	/**
	 * Type of a HEADERS frame (RFC 9114 section 7.2.2).
	 */
	public static final long HEADERS = 0x01;

	static final long CANCEL_PUSH = 0x03;

	static final long SETTINGS = 0x04;

	static final long GOAWAY = 0x07;

	static final long MAX_PUSH_ID = 0x0d;

	static final long PRIORITY_UPDATE_REQUEST = 0xf0700;

	static final long PRIORITY_UPDATE_PUSH = 0xf0701;

	/**
	 * A bit for each type that means something, those of HTTP/2 included, which may not
	 * be sent (RFC 9114 section 7.2.8): 0x00 to 0x09, and 0x0d.
	 */
	private static final long KNOWN = 0b10_0011_1111_1111;

	/**
	 * Bytes in a frame that means nothing. What is longer is there to make work (RFC 9114
	 * section 10.5).
	 */
	private static final int MAX_UNKNOWN = 64 * 1024;

	private final Check check;

	private final VariableLengthInteger integer = new VariableLengthInteger();

	private boolean typeRead;

	private long type;

	private boolean known;

	private long payloadLength;

	private long payloadLeft;

	private @Nullable FramePayload payload;

	private long content;

	private @Nullable Http3ErrorCode error;

	/**
	 * Begin with a new stream.
	 * @param check decides about each frame
	 */
	public FrameHeaders(Check check) {
		this.check = check;
	}

	/**
	 * Return whether a type means something.
	 */
	public static boolean isKnown(long type) {
		return type < Long.SIZE && (KNOWN >> type & 1) == 1;
	}

	/**
	 * Return whether a frame changes a priority (RFC 9218 section 7.2), of which the
	 * codec knows nothing.
	 */
	public static boolean isPriorityUpdate(long type) {
		return type == PRIORITY_UPDATE_REQUEST || type == PRIORITY_UPDATE_PUSH;
	}

	/**
	 * Return whether a frame means nothing and is too long for that.
	 */
	public static boolean isExcessive(long type, long length) {
		return !isKnown(type) && length > MAX_UNKNOWN;
	}

	/**
	 * Follow what has arrived, and leave in the buffer only what means something. Costs
	 * nothing per byte unless something that means nothing comes before it.
	 * @param buffer what has arrived
	 * @param start the index from which it is frames
	 * @return what is wrong with a frame, {@code null} as long as nothing is
	 */
	public @Nullable Http3ErrorCode follow(ByteBuf buffer, int start) {
		int end = buffer.writerIndex();
		int index = start;
		int kept = start;
		while (index < end && this.error == null) {
			int length = (int) Math.min(Math.max(this.payloadLeft, 1), end - index);
			boolean meant = (this.payloadLeft > 0) ? followPayload(buffer, index, length)
					: followHeader(buffer.getUnsignedByte(index));
			if (meant) {
				if (kept < index) {
					buffer.setBytes(kept, buffer, index, length);
				}
				kept += length;
			}
			index += length;
		}
		buffer.writerIndex(kept);
		return this.error;
	}

	/**
	 * Follow a byte of type or length. Of a type that is longer than it needs to be, the
	 * last byte alone says the same.
	 * @return whether the byte means something
	 */
	private boolean followHeader(int octet) {
		boolean complete = this.integer.read(octet);
		if (!this.typeRead && !complete) {
			return false;
		}
		if (!this.typeRead) {
			this.typeRead = true;
			this.type = this.integer.value();
			this.known = isKnown(this.type);
		}
		else if (complete) {
			this.typeRead = false;
			this.payloadLength = this.integer.value();
			this.payloadLeft = this.payloadLength;
			this.content += (this.type == DATA) ? this.payloadLeft : 0;
			this.error = this.check.apply(this.type, this.payloadLeft);
			beginPayload();
		}
		return this.known;
	}

	private void beginPayload() {
		if (this.error == null && this.type == HEADERS) {
			this.error = FieldSectionPrefix.checkLength(this.payloadLength);
		}
		this.payload = (this.error == null) ? this.check.payload(this.type) : null;
		endPayload();
	}

	private boolean followPayload(ByteBuf buffer, int index, int length) {
		long position = this.payloadLength - this.payloadLeft;
		this.payloadLeft -= length;
		if (this.type == HEADERS && position <= 1) {
			checkPrefix(buffer, index, position, length);
		}
		if (this.payload != null) {
			this.error = this.payload.follow(buffer, index, index + length);
			endPayload();
		}
		return this.known;
	}

	private void checkPrefix(ByteBuf buffer, int index, long position, int length) {
		for (int offset = 0; offset < length && position + offset <= 1 && this.error == null; offset++) {
			this.error = FieldSectionPrefix.check(position + offset, buffer.getByte(index + offset));
		}
	}

	private void endPayload() {
		if (this.payload != null && this.payloadLeft == 0 && this.error == null) {
			this.error = this.payload.end();
			this.payload = null;
		}
	}

	/**
	 * Return whether a frame has begun that has not ended.
	 */
	public boolean isInFrame() {
		return this.typeRead || this.integer.isUnfinished() || this.payloadLeft > 0;
	}

	/**
	 * Return how many bytes of content there are in the frames that have begun.
	 */
	public long content() {
		return this.content;
	}

	/**
	 * Return whether the last frame that has begun is a field section.
	 */
	public boolean isFieldSection() {
		return this.type == HEADERS;
	}

	/**
	 * Decides about a frame that begins.
	 */
	@FunctionalInterface
	public interface Check {

		/**
		 * Return what is wrong with a frame.
		 * @param type the type
		 * @param length the length of the payload in bytes
		 * @return the error code, {@code null} if nothing is wrong
		 */
		@Nullable Http3ErrorCode apply(long type, long length);

		/**
		 * Return what follows the payload of a frame that has passed.
		 * @param type the type of the frame
		 * @return a new one, {@code null} if nobody needs to
		 */
		default @Nullable FramePayload payload(long type) {
			return null;
		}

	}

}
