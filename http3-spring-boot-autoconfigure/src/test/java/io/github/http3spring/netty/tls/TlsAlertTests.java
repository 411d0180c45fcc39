package io.github.http3spring.netty.tls;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TlsAlert}.
 */
class TlsAlertTests {

	/**
	 * All of RFC 8446 section 6, and those that other RFCs have added to TLS 1.3.
	 */
	@ParameterizedTest
	@CsvSource(textBlock = """
			0, close_notify
			10, unexpected_message
			20, bad_record_mac
			22, record_overflow
			40, handshake_failure
			42, bad_certificate
			43, unsupported_certificate
			44, certificate_revoked
			45, certificate_expired
			46, certificate_unknown
			47, illegal_parameter
			48, unknown_ca
			49, access_denied
			50, decode_error
			51, decrypt_error
			52, too_many_cids_requested
			70, protocol_version
			71, insufficient_security
			80, internal_error
			86, inappropriate_fallback
			90, user_canceled
			109, missing_extension
			110, unsupported_extension
			112, unrecognized_name
			113, bad_certificate_status_response
			115, unknown_psk_identity
			116, certificate_required
			117, general_error
			120, no_application_protocol
			121, ech_required
			""")
	void hasTheNameOfTheRfc(int code, String name) {
		assertThat(TlsAlert.ofTransportError(0x100 + code)).hasToString(name);
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 46, 0xff, 0x101, 0x1ff, 0x22e, -1, 0x1_0000_012eL })
	void otherErrorCodesAreNone(long errorCode) {
		assertThat(TlsAlert.ofTransportError(errorCode)).isNull();
	}

}
