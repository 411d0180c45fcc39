package io.github.http3spring.netty.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The payload of SETTINGS: pairs of integers, with the last of which the frame ends (RFC
 * 9114 section 7.1). Setting identifiers that come twice are found by the codec.
 */
final class SettingsPayload implements FramePayload {

	/**
	 * A bit for each setting of HTTP/2 that has no meaning here (RFC 9114 section
	 * 11.2.2): 0x00, and 0x02 to 0x05. The codec takes 0x00 for an unknown one.
	 */
	private static final long RESERVED = 0b11_1101;

	private static final long ENABLE_CONNECT_PROTOCOL = 0x08;

	private static final long H3_DATAGRAM = 0x33;

	private final VariableLengthInteger integer = new VariableLengthInteger();

	private boolean identified;

	private long identifier;

	@Override
	public @Nullable Http3ErrorCode follow(ByteBuf buffer, int start, int end) {
		boolean valid = true;
		for (int index = start; index < end && valid; index++) {
			valid = !this.integer.read(buffer.getUnsignedByte(index)) || isValid(this.integer.value());
		}
		return valid ? null : Http3ErrorCode.H3_SETTINGS_ERROR;
	}

	/**
	 * Look at an identifier (RFC 9114 section 7.2.4.1), or the value that follows it:
	 * some can only be on or off (RFC 9220 section 3, RFC 9297 section 2.1.1).
	 */
	private boolean isValid(long value) {
		this.identified = !this.identified;
		if (this.identified) {
			this.identifier = value;
			return value >= Long.SIZE || (RESERVED >> value & 1) == 0;
		}
		return value <= 1 || (this.identifier != ENABLE_CONNECT_PROTOCOL && this.identifier != H3_DATAGRAM);
	}

	@Override
	public @Nullable Http3ErrorCode end() {
		return (this.identified || this.integer.isUnfinished()) ? Http3ErrorCode.H3_FRAME_ERROR : null;
	}

}
