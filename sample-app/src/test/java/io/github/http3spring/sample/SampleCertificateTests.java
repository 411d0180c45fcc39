package io.github.http3spring.sample;

import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the certificate that the build makes.
 */
class SampleCertificateTests {

	@Test
	void isNoCertificateAuthority() throws Exception {
		assertThat(certificate().getBasicConstraints()).isEqualTo(-1);
		assertThat(certificate().getCriticalExtensionOIDs()).contains("2.5.29.19");
	}

	@Test
	void namesLocalhostAndBothLoopbackAddresses() throws Exception {
		assertThat(certificate().getSubjectAlternativeNames()).extracting((name) -> name.get(1))
			.isEqualTo(List.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1"));
	}

	@Test
	void hasKeyOnCurveP256() throws Exception {
		ECPublicKey key = (ECPublicKey) certificate().getPublicKey();
		assertThat(key.getParams()).hasToString("secp256r1 [NIST P-256,X9.62 prime256v1] (1.2.840.10045.3.1.7)");
	}

	private static X509Certificate certificate() throws Exception {
		KeyStore keyStore = KeyStore.getInstance(new ClassPathResource("sample.p12").getFile(),
				"changeit".toCharArray());
		return (X509Certificate) keyStore.getCertificate("sample");
	}

}
