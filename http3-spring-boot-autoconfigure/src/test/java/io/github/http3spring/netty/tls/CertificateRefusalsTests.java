package io.github.http3spring.netty.tls;

import java.util.Arrays;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CertificateRefusals}.
 */
class CertificateRefusalsTests {

	private final CertificateRefusals refusals = new CertificateRefusals();

	@ParameterizedTest
	@EnumSource(names = { "BAD_CERTIFICATE", "UNSUPPORTED_CERTIFICATE", "CERTIFICATE_REVOKED", "CERTIFICATE_EXPIRED",
			"CERTIFICATE_UNKNOWN", "UNKNOWN_CA", "INTERNAL_ERROR" })
	void whatToDoIsSaidOnceForEachReason(TlsAlert alert) {
		assertThat(this.refusals.sentence(alert)).contains("TLS alert " + alert + ": ");
		assertThat(this.refusals.sentence(alert)).isNull();
	}

	@Test
	void oneReasonDoesNotHideAnother() {
		this.refusals.sentence(TlsAlert.UNKNOWN_CA);
		assertThat(this.refusals.sentence(TlsAlert.CERTIFICATE_EXPIRED)).contains("certificate_expired");
	}

	@Test
	void noMoreThanSevenSentencesComeOfAllAlerts() {
		long sentences = Arrays.stream(TlsAlert.values()).map(this.refusals::sentence).filter(Objects::nonNull).count();
		assertThat(sentences).isEqualTo(7);
	}

	@ParameterizedTest
	@EnumSource(names = { "CLOSE_NOTIFY", "HANDSHAKE_FAILURE", "NO_APPLICATION_PROTOCOL", "CERTIFICATE_REQUIRED" })
	void nothingIsSaidOfWhatIsNotAboutTheCertificate(TlsAlert alert) {
		assertThat(this.refusals.sentence(alert)).isNull();
	}

}
