package io.github.http3spring.autoconfigure;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Objects;
import java.util.stream.Stream;

import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

import io.github.http3spring.TestContextRunner;
import io.github.http3spring.TestKeyStore;
import io.github.http3spring.TestPem;
import io.github.http3spring.server.UnusableTlsException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for what an application reports that cannot start because of its TLS.
 */
@Timeout(60)
@Isolated("captures the output")
@ExtendWith(OutputCaptureExtension.class)
class TlsFailureTests {

	private static final String PEM = "spring.ssl.bundle.pem.quic.";

	private static final String JKS = "spring.ssl.bundle.jks.quic.";

	@TempDir
	static Path directory;

	private static Path keyStore;

	private static TestPem pem;

	private static TestPem otherPem;

	@BeforeAll
	static void createKeyStores() throws Exception {
		keyStore = TestKeyStore.create(directory.resolve("server.p12"), "server");
		pem = TestPem.from(keyStore);
		otherPem = TestPem.from(TestKeyStore.create(directory.resolve("other.p12"), "other"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "http3.server.ssl.bundle=quic", "server.ssl.bundle=quic" })
	void keyOfAnotherCertificateIsReported(String use, CapturedOutput output) {
		assertFails(UnusableTlsException.class, use, PEM + "keystore.certificate=" + pem.certificate(),
				PEM + "keystore.private-key=" + otherPem.privateKey());
		assertReported(output, "SSL bundle 'quic': its private key does not match its certificate CN=server.");
	}

	@Test
	void keyOfAnotherTypeThanTheCertificateIsReported(CapturedOutput output) throws Exception {
		Path rsa = TestKeyStore.create(directory.resolve("rsa.p12"), "rsa", "-keyalg", "RSA");
		assertFails(UnusableTlsException.class, "http3.server.ssl.bundle=quic",
				PEM + "keystore.certificate=" + pem.certificate(),
				PEM + "keystore.private-key=" + TestPem.from(rsa).privateKey());
		assertReported(output, "SSL bundle 'quic': ");
	}

	@Test
	void keyOfAServerNameThatIsNoUseIsReported(CapturedOutput output) {
		assertFails(UnusableTlsException.class, "server.ssl.server-name-bundles[0].server-name=shop.example",
				"server.ssl.server-name-bundles[0].bundle=quic", PEM + "keystore.certificate=" + pem.certificate(),
				PEM + "keystore.private-key=" + otherPem.privateKey());
		assertReported(output, "SSL bundle 'quic': its private key does not match its certificate CN=server.");
	}

	@Test
	void wrongPasswordOfAPemKeyIsReported(CapturedOutput output) throws Exception {
		assertFails(UnusableTlsException.class, "http3.server.ssl.bundle=quic",
				PEM + "keystore.certificate=" + pem.certificate(), PEM + "keystore.private-key=" + encryptedKey(),
				PEM + "keystore.private-key-password=wrong");
		assertReported(output, "SSL bundle 'quic': ", "private key");
	}

	@Test
	void wrongPasswordOfAKeyStoreIsReported(CapturedOutput output) {
		assertFails(UnusableTlsException.class, "http3.server.ssl.bundle=quic", JKS + "keystore.location=" + keyStore,
				JKS + "keystore.password=wrong");
		assertReported(output, "SSL bundle 'quic': ", "password");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Ed25519", "DSA" })
	void keyOfATypeThatHttp3CannotUseIsReported(String type, CapturedOutput output) throws Exception {
		Path unusable = TestKeyStore.create(directory.resolve(type + ".p12"), type, "-keyalg", type);
		assertFails(UnusableTlsException.class, "http3.server.ssl.bundle=quic", JKS + "keystore.location=" + unusable,
				JKS + "keystore.password=" + TestKeyStore.PASSWORD);
		assertReported(output, "SSL bundle 'quic': it has no RSA or EC key with a certificate");
	}

	@Test
	void keyOfATypeThatHttp3CannotUseIsReportedWhenItIsChosenByAlias(CapturedOutput output) throws Exception {
		Path unusable = TestKeyStore.create(directory.resolve("alias.p12"), "alias", "-keyalg", "Ed25519");
		assertFails(UnusableTlsException.class, "http3.server.ssl.bundle=quic", JKS + "keystore.location=" + unusable,
				JKS + "keystore.password=" + TestKeyStore.PASSWORD, JKS + "key.alias=server");
		assertReported(output, "SSL bundle 'quic': its private key is of type EdDSA");
	}

	@Test
	void keyStoreWithoutKeyIsReported(CapturedOutput output) throws Exception {
		Path certificates = directory.resolve("certificates.p12");
		store(certificates, true);
		assertFails(UnusableTlsException.class, "http3.server.ssl.bundle=quic",
				JKS + "keystore.location=" + certificates, JKS + "keystore.password=" + TestKeyStore.PASSWORD);
		assertReported(output, "SSL bundle 'quic': it has no RSA or EC key with a certificate");
	}

	@Test
	void emptyTrustStoreIsReportedWhenClientsNeedACertificate(CapturedOutput output) throws Exception {
		Path empty = directory.resolve("empty.p12");
		store(empty, false);
		assertFails(UnusableTlsException.class, "server.ssl.client-auth=need", "server.ssl.trust-store=" + empty,
				"server.ssl.trust-store-password=" + TestKeyStore.PASSWORD);
		assertReported(output, "'server.ssl': ", "trust store is empty");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "http3.server.ssl.bundle", "server.ssl.bundle", "server.ssl.server-name-bundles[0].bundle" })
	void bundleThatIsMissingIsReportedWithItsProperty(String property, CapturedOutput output) {
		assertFails(NoSuchSslBundleException.class, property + "=nowhere",
				"server.ssl.server-name-bundles[0].server-name=shop.example",
				(property.startsWith("server.ssl.server-name") ? "ignored" : "server.ssl.server-name-bundles[0].bundle")
						+ "=quic",
				JKS + "keystore.location=" + keyStore, JKS + "keystore.password=" + TestKeyStore.PASSWORD);
		assertThat(output.getOut()).contains("APPLICATION FAILED TO START",
				"There is no SSL bundle 'nowhere', which '" + property + "' asks for.",
				"or set '" + property + "' to a bundle that exists.");
	}

	@Test
	void bundleThatAnotherTechnologyMissesIsLeftToOthers() {
		MockEnvironment environment = new MockEnvironment().withProperty("http3.server.ssl.bundle", "quic")
			.withProperty("spring.data.redis.ssl.bundle", "nowhere");
		MissingSslBundleFailureAnalyzer analyzer = new MissingSslBundleFailureAnalyzer(environment);
		assertThat(analyzer.analyze(new NoSuchSslBundleException("nowhere", "not there"))).isNull();
		assertThat(analyzer.analyze(new NoSuchSslBundleException("quic", "not there"))).isNotNull();
	}

	private static void assertFails(Class<? extends Throwable> type, String... properties) {
		Throwable failure = catchThrowable(
				() -> TestContextRunner.application(Application.class, keyStore).properties(properties).run().close());
		assertThat(Stream.iterate(failure, Objects::nonNull, Throwable::getCause)).hasAtLeastOneElementOfType(type);
	}

	private static void assertReported(CapturedOutput output, String... description) {
		assertThat(output.getOut())
			.contains("APPLICATION FAILED TO START", "HTTP/3 cannot use ", "Action:", "'http3.server.ssl.bundle'",
					"'http3.server.enabled'")
			.contains(description);
	}

	private static void store(Path file, boolean withCertificate) throws Exception {
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		if (withCertificate) {
			store.setCertificateEntry("certificate", TestPem.certificate(keyStore));
		}
		try (OutputStream output = Files.newOutputStream(file)) {
			store.store(output, TestKeyStore.PASSWORD.toCharArray());
		}
	}

	private static Path encryptedKey() throws Exception {
		String algorithm = "PBEWithSHA1AndDESede";
		SecretKey secret = SecretKeyFactory.getInstance(algorithm)
			.generateSecret(new PBEKeySpec(TestKeyStore.PASSWORD.toCharArray()));
		Cipher cipher = Cipher.getInstance(algorithm);
		cipher.init(Cipher.ENCRYPT_MODE, secret);
		KeyStore store = KeyStore.getInstance(keyStore.toFile(), TestKeyStore.PASSWORD.toCharArray());
		byte[] key = store.getKey("server", TestKeyStore.PASSWORD.toCharArray()).getEncoded();
		byte[] encrypted = new EncryptedPrivateKeyInfo(cipher.getParameters(), cipher.doFinal(key)).getEncoded();
		return Files.writeString(directory.resolve("encrypted.key"), "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
				+ Base64.getMimeEncoder().encodeToString(encrypted) + "\n-----END ENCRYPTED PRIVATE KEY-----\n");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
