package io.github.http3spring.conformance;

import java.util.Arrays;

import io.netty.incubator.codec.http3.Http3ErrorCode;

/**
 * Names of error codes, as the RFCs write them.
 */
final class ErrorCodes {

	/**
	 * Names of those of RFC 9000 section 20.1, in their order.
	 */
	private static final String[] TRANSPORT = { "NO_ERROR", "INTERNAL_ERROR", "CONNECTION_REFUSED",
			"FLOW_CONTROL_ERROR", "STREAM_LIMIT_ERROR", "STREAM_STATE_ERROR", "FINAL_SIZE_ERROR",
			"FRAME_ENCODING_ERROR", "TRANSPORT_PARAMETER_ERROR", "CONNECTION_ID_LIMIT_ERROR", "PROTOCOL_VIOLATION",
			"INVALID_TOKEN", "APPLICATION_ERROR" };

	private ErrorCodes() {
	}

	/**
	 * Name a code of RFC 9114 section 8.1 or RFC 9204 section 6.
	 */
	static String http(long code) {
		return Arrays.stream(Http3ErrorCode.values())
			.filter((known) -> known.code() == code)
			.map(Enum::name)
			.findAny()
			.orElse("0x%x".formatted(code));
	}

	static String transport(long code) {
		return (code < TRANSPORT.length) ? TRANSPORT[(int) code] : "0x%x".formatted(code);
	}

}
