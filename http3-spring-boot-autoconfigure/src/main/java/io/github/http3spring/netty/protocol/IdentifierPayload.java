package io.github.http3spring.netty.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The payload of CANCEL_PUSH, GOAWAY and MAX_PUSH_ID: one identifier, with which the
 * frame ends (RFC 9114 section 7.1).
 */
final class IdentifierPayload implements FramePayload {

	private final long type;

	private final VariableLengthInteger identifier = new VariableLengthInteger();

	private int count;

	IdentifierPayload(long type) {
		this.type = type;
	}

	@Override
	public @Nullable Http3ErrorCode follow(ByteBuf buffer, int start, int end) {
		for (int index = start; index < end; index++) {
			this.count += this.identifier.read(buffer.getUnsignedByte(index)) ? 1 : 0;
		}
		return null;
	}

	@Override
	public @Nullable Http3ErrorCode end() {
		if (this.count != 1 || this.identifier.isUnfinished()) {
			return Http3ErrorCode.H3_FRAME_ERROR;
		}
		// Nothing was ever promised (RFC 9114 section 7.2.3)
		return (this.type == FrameHeaders.CANCEL_PUSH) ? Http3ErrorCode.H3_ID_ERROR : null;
	}

}
