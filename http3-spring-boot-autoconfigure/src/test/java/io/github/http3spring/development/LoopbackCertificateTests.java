package io.github.http3spring.development;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;

import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link LoopbackCertificate}.
 */
class LoopbackCertificateTests {

	private static final Instant START = Instant.parse("2026-11-29T01:02:03Z");

	private KeyPair keys;

	private X509Certificate certificate;

	@BeforeEach
	void create() throws Exception {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
		generator.initialize(new ECGenParameterSpec("secp256r1"));
		this.keys = generator.generateKeyPair();
		this.certificate = LoopbackCertificate.create(this.keys, START);
	}

	@Test
	void isSignedWithItsOwnKey() {
		assertThatNoException().isThrownBy(() -> this.certificate.verify(this.keys.getPublic()));
		assertThat(this.certificate.getPublicKey()).isEqualTo(this.keys.getPublic());
		assertThat(this.certificate.getVersion()).isEqualTo(3);
	}

	@Test
	void isNoCertificateAuthority() {
		assertThat(this.certificate.getBasicConstraints()).isEqualTo(-1);
		assertThat(this.certificate.getCriticalExtensionOIDs()).contains("2.5.29.19");
	}

	@Test
	void mayAuthenticateServersAndNothingElse() throws Exception {
		assertThat(this.certificate.getKeyUsage()).startsWith(true).hasSize(9);
		assertThat(Arrays.toString(this.certificate.getKeyUsage()).split("true")).hasSize(2);
		assertThat(this.certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
	}

	@Test
	void namesLocalhostAndBothLoopbackAddresses() throws Exception {
		assertThat(this.certificate.getSubjectAlternativeNames()).extracting((name) -> name.get(1))
			.isEqualTo(List.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1"));
		assertThat(this.certificate.getSubjectX500Principal().getName()).contains("CN=localhost");
	}

	@Test
	void isValidForAsLongAsAnySystemTakes() {
		assertThat(this.certificate.getNotBefore()).isEqualTo(Date.from(START));
		assertThat(this.certificate.getNotAfter()).isEqualTo(Date.from(START.plus(Duration.ofDays(825))));
	}

	@Test
	void serialNumbersArePositiveAndDiffer() throws Exception {
		X509Certificate other = LoopbackCertificate.create(this.keys, START);
		assertThat(this.certificate.getSerialNumber()).isPositive().isNotEqualTo(other.getSerialNumber());
	}

	@Test
	void isTrustedByAJvmThatTrustsIt() throws Exception {
		X509Certificate current = LoopbackCertificate.create(this.keys, Instant.now().minusSeconds(60));
		KeyStore trusted = KeyStore.getInstance("PKCS12");
		trusted.load(null, null);
		trusted.setCertificateEntry("development", current);
		TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		factory.init(trusted);
		TrustManager manager = factory.getTrustManagers()[0];
		assertThatNoException().isThrownBy(
				() -> ((X509TrustManager) manager).checkServerTrusted(new X509Certificate[] { current }, "UNKNOWN"));
	}

}
