package io.github.http3spring;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;

/**
 * PEM files with the key and the certificate of a key store.
 *
 * @param certificate the file with the certificate
 * @param privateKey the file with the private key, not encrypted
 */
public record TestPem(Path certificate, Path privateKey) {

	/**
	 * Write the files beside the key store.
	 */
	public static TestPem from(Path keyStoreFile) throws IOException, GeneralSecurityException {
		KeyStore keyStore = load(keyStoreFile);
		String alias = keyStore.aliases().nextElement();
		Path certificate = keyStoreFile.resolveSibling(keyStoreFile.getFileName() + ".crt");
		Path privateKey = keyStoreFile.resolveSibling(keyStoreFile.getFileName() + ".key");
		write(certificate, "CERTIFICATE", keyStore.getCertificate(alias).getEncoded());
		write(privateKey, "PRIVATE KEY", keyStore.getKey(alias, TestKeyStore.PASSWORD.toCharArray()).getEncoded());
		return new TestPem(certificate, privateKey);
	}

	/**
	 * Read the certificate of a key store.
	 */
	public static X509Certificate certificate(Path keyStoreFile) throws IOException, GeneralSecurityException {
		KeyStore keyStore = load(keyStoreFile);
		return (X509Certificate) keyStore.getCertificate(keyStore.aliases().nextElement());
	}

	private static KeyStore load(Path file) throws IOException, GeneralSecurityException {
		KeyStore keyStore = KeyStore.getInstance("PKCS12");
		try (InputStream input = Files.newInputStream(file)) {
			keyStore.load(input, TestKeyStore.PASSWORD.toCharArray());
		}
		return keyStore;
	}

	private static void write(Path file, String type, byte[] content) throws IOException {
		String encoded = Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content);
		Files.writeString(file, "-----BEGIN " + type + "-----\n" + encoded + "\n-----END " + type + "-----\n");
	}

}
