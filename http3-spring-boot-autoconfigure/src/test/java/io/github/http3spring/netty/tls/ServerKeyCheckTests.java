package io.github.http3spring.netty.tls;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.security.auth.x500.X500Principal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ServerKeyCheck}.
 */
class ServerKeyCheckTests {

	private final SSLEngine engine = mock();

	private final X509ExtendedKeyManager keys = mock();

	private final KeyManagerFactory factory = new KeyManagerFactory(new Keys(), null, "test") {

	};

	@ParameterizedTest
	@CsvSource({ "RSA, 1024", "EC, 256", "EC, 384" })
	void keyThatMatchesItsCertificateIsUsable(String algorithm, int size) throws GeneralSecurityException {
		KeyPair pair = pair(algorithm, size);
		choose(algorithm, pair.getPrivate(), certificate(pair));
		assertThatNoException().isThrownBy(() -> ServerKeyCheck.check(this.factory, this.engine));
	}

	@Test
	void keyThatDoesNotMatchItsCertificateIsFound() throws GeneralSecurityException {
		choose("EC", pair("EC", 256).getPrivate(), certificate(pair("EC", 256)));
		assertRefused("its private key does not match its certificate CN=server");
	}

	@Test
	void keyOfAnotherTypeThanItsCertificateIsFound() throws GeneralSecurityException {
		choose("EC", pair("EC", 256).getPrivate(), certificate(pair("RSA", 1024)));
		assertRefused("its private key does not match its certificate CN=server");
	}

	@Test
	void bundleWithoutAKeyIsRefused() {
		assertRefused("it has no RSA or EC key with a certificate, and HTTP/3 can use no others");
	}

	@Test
	void keyWithoutACertificateIsRefused() throws GeneralSecurityException {
		choose("EC", pair("EC", 256).getPrivate());
		assertRefused("it has no private key with a certificate");
	}

	@Test
	void certificateWithoutAKeyIsRefused() throws GeneralSecurityException {
		choose("EC", null, certificate(pair("EC", 256)));
		assertRefused("it has no private key with a certificate");
	}

	@Test
	void keyOfATypeThatTheCodecDoesNotKnowIsRefused() throws GeneralSecurityException {
		KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
		choose("EC", pair.getPrivate(), certificate(pair));
		assertRefused("its private key is of type EdDSA, and HTTP/3 can use RSA and EC keys only");
	}

	@Test
	void keyThatDoesNotLeaveItsDeviceIsRefused() {
		PrivateKey key = mock();
		given(key.getAlgorithm()).willReturn("EC");
		choose("EC", key, mock(X509Certificate.class));
		assertRefused("its private key cannot be read from where it is kept");
	}

	private void choose(String type, PrivateKey key, X509Certificate... chain) {
		given(this.keys.chooseEngineServerAlias(type, null, this.engine)).willReturn("alias");
		given(this.keys.getPrivateKey("alias")).willReturn(key);
		given(this.keys.getCertificateChain("alias")).willReturn(chain);
	}

	private void assertRefused(String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> ServerKeyCheck.check(this.factory, this.engine))
			.withMessage(message);
	}

	private static KeyPair pair(String algorithm, int size) throws GeneralSecurityException {
		KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
		generator.initialize(size);
		return generator.generateKeyPair();
	}

	private static X509Certificate certificate(KeyPair pair) {
		X509Certificate certificate = mock();
		given(certificate.getPublicKey()).willReturn(pair.getPublic());
		given(certificate.getSubjectX500Principal()).willReturn(new X500Principal("CN=server"));
		return certificate;
	}

	/**
	 * The key manager of the test, and one of another kind.
	 */
	private final class Keys extends KeyManagerFactorySpi {

		@Override
		protected void engineInit(KeyStore keyStore, char[] password) {
		}

		@Override
		protected void engineInit(ManagerFactoryParameters parameters) {
		}

		@Override
		protected KeyManager[] engineGetKeyManagers() {
			return new KeyManager[] { mock(KeyManager.class), ServerKeyCheckTests.this.keys };
		}

	}

}
