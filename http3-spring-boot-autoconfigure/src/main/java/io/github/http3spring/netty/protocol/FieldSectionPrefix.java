package io.github.http3spring.netty.protocol;

import io.netty.incubator.codec.http3.Http3ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What an encoded field section begins with (RFC 9204 section 4.5.1), where there is no
 * dynamic table. The codec ignores the sign of the base.
 */
final class FieldSectionPrefix {

	private static final int SIGN = 0x80;

	private FieldSectionPrefix() {
	}

	/**
	 * Check a byte: Required Insert Count is zero, and Delta Base, whatever it is, must
	 * not make the base negative (RFC 9204 sections 4.5.1.1 and 4.5.1.2).
	 * @param position the position in the section
	 * @param octet the byte
	 * @return what is wrong, {@code null} if nothing is
	 */
	static @Nullable Http3ErrorCode check(long position, int octet) {
		boolean valid = (position == 0) ? octet == 0 : position > 1 || (octet & SIGN) == 0;
		return valid ? null : Http3ErrorCode.QPACK_DECOMPRESSION_FAILED;
	}

	/**
	 * Check that there is a prefix.
	 * @param length the length of the section
	 * @return what is wrong, {@code null} if nothing is
	 */
	static @Nullable Http3ErrorCode checkLength(long length) {
		if (length == 0) {
			// RFC 9114 section 7.1
			return Http3ErrorCode.H3_FRAME_ERROR;
		}
		return (length == 1) ? Http3ErrorCode.QPACK_DECOMPRESSION_FAILED : null;
	}

}
