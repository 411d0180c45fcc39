package io.github.http3spring.netty.protocol;

import java.util.HashSet;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The payload of SETTINGS: pairs of integers, with the last of which the frame ends (RFC
 * 9114 section 7.1).
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

	private final Set<Long> identifiers = new HashSet<>();

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
	 * Look at an identifier (RFC 9114 sections 7.2.4 and 7.2.4.1), of which the codec of
	 * Netty 4.2 lets some come twice, or at the value that follows it: some can only be
	 * on or off (RFC 9220 section 3, RFC 9297 section 2.1.1).
	 */
	private boolean isValid(long value) {
		this.identified = !this.identified;
		if (this.identified) {
			this.identifier = value;
			return this.identifiers.add(value) && (value >= Long.SIZE || (RESERVED >> value & 1) == 0);
		}
		return value <= 1 || (this.identifier != ENABLE_CONNECT_PROTOCOL && this.identifier != H3_DATAGRAM);
	}

	@Override
	public @Nullable Http3ErrorCode end() {
		return (this.identified || this.integer.isUnfinished()) ? Http3ErrorCode.H3_FRAME_ERROR : null;
	}

}
