package io.github.http3spring.sample.demo;

import java.util.Arrays;

import io.github.http3spring.wire.CloseFrame;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QuicTransportError;

/**
 * Names of error codes.
 */
final class ErrorCodes {

	private ErrorCodes() {
	}

	static String describe(CloseFrame frame) {
		return frame.application() ? application(frame.errorCode()) : transport(frame.errorCode());
	}

	/**
	 * Describe an error code of HTTP/3 (RFC 9114 section 8.1).
	 */
	static String application(long code) {
		String name = Arrays.stream(Http3ErrorCode.values())
			.filter((candidate) -> candidate.code() == code)
			.map(Http3ErrorCode::name)
			.findFirst()
			.orElse("unknown");
		return "%s (0x%x)".formatted(name, code);
	}

	/**
	 * Describe an error code of QUIC (RFC 9000 section 20.1).
	 */
	private static String transport(long code) {
		return "%s (0x%02x)".formatted(QuicTransportError.valueOf(code).name(), code);
	}

}
