package io.github.http3spring.sample;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;

import io.github.http3spring.development.DevelopmentCertificate;

/**
 * The certificate that the sample makes when it is started by tests. Another than that of
 * the developer who runs them.
 */
public final class SampleCertificate {

	/**
	 * The directory that it is in.
	 */
	public static final Path DIRECTORY = Path.of("target", "certificate").toAbsolutePath();

	private SampleCertificate() {
	}

	/**
	 * Return its file and that of its key.
	 */
	public static DevelopmentCertificate files() throws IOException {
		return DevelopmentCertificate.in(DIRECTORY);
	}

	public static Path file() throws IOException {
		return files().certificate();
	}

	/**
	 * Return that by which Chromium trusts a certificate that nobody has signed.
	 */
	public static String publicKeyHash() throws IOException, GeneralSecurityException {
		try (InputStream input = Files.newInputStream(file())) {
			X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
				.generateCertificate(input);
			byte[] key = certificate.getPublicKey().getEncoded();
			return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
		}
	}

}
