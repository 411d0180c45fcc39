package io.github.http3spring.netty.protocol;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The payload of PRIORITY_UPDATE (RFC 9218 section 7.2): an identifier, and a priority as
 * in the header field.
 */
final class PriorityUpdatePayload implements FramePayload {

	/**
	 * Bytes of a value that are kept. What is cut off says nothing.
	 */
	private static final int MAX_VALUE = 64;

	private final PriorityUpdates updates;

	private final boolean ofPush;

	private final VariableLengthInteger identifier = new VariableLengthInteger();

	private boolean identified;

	private final byte[] value = new byte[MAX_VALUE];

	private int length;

	PriorityUpdatePayload(PriorityUpdates updates, boolean ofPush) {
		this.updates = updates;
		this.ofPush = ofPush;
	}

	@Override
	public @Nullable Http3ErrorCode follow(ByteBuf buffer, int start, int end) {
		int index = start;
		while (index < end && !this.identified) {
			this.identified = this.identifier.read(buffer.getUnsignedByte(index++));
		}
		int count = Math.min(end - index, MAX_VALUE - this.length);
		buffer.getBytes(index, this.value, this.length, count);
		this.length += count;
		return null;
	}

	@Override
	public @Nullable Http3ErrorCode end() {
		if (!this.identified) {
			return Http3ErrorCode.H3_FRAME_ERROR;
		}
		if (this.ofPush) {
			// Nothing was ever promised
			return Http3ErrorCode.H3_ID_ERROR;
		}
		String text = new String(this.value, 0, this.length, StandardCharsets.ISO_8859_1);
		return this.updates.update(this.identifier.value(), Priority.parse(text));
	}

}
