package io.github.http3spring.benchmarks.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * Makes the files that servers share: a key pair, and what file servers serve.
 */
public final class SiteFiles {

	private static final String ALIAS = "benchmark";

	private SiteFiles() {
	}

	/**
	 * Make those that are not there yet.
	 * @param directory where to
	 * @param sizes the sizes of the files to serve
	 * @return the files
	 * @throws IOException if one cannot be written
	 * @throws GeneralSecurityException if the key pair is unusable
	 * @throws InterruptedException if this thread is interrupted
	 */
	public static Site.Files create(Path directory, long... sizes)
			throws IOException, GeneralSecurityException, InterruptedException {
		Site.Files files = new Site.Files(directory.toAbsolutePath());
		Path bodies = Files.createDirectories(files.root().resolve("bytes"));
		if (!Files.exists(files.keyStore())) {
			generateKeyPair(files.keyStore());
		}
		exportPem(files);
		for (long size : sizes) {
			Files.write(bodies.resolve(Long.toString(size)), new byte[Math.toIntExact(size)]);
		}
		return files;
	}

	private static void generateKeyPair(Path keyStore) throws IOException, InterruptedException {
		Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
		List<String> command = List.of(keytool.toString(), "-genkeypair", "-keystore", keyStore.toString(),
				"-storetype", "PKCS12", "-storepass", Site.PASSWORD, "-alias", ALIAS, "-keyalg", "EC", "-groupname",
				"secp256r1", "-dname", "CN=localhost", "-validity", "3650", "-ext",
				"SubjectAlternativeName=dns:localhost,ip:127.0.0.1");
		Process process = new ProcessBuilder(command).inheritIO().start();
		if (process.waitFor() != 0) {
			throw new IOException("keytool has failed");
		}
	}

	private static void exportPem(Site.Files files) throws IOException, GeneralSecurityException {
		KeyStore keyStore = KeyStore.getInstance("PKCS12");
		try (InputStream input = Files.newInputStream(files.keyStore())) {
			keyStore.load(input, Site.PASSWORD.toCharArray());
		}
		Files.writeString(files.certificate(), pem("CERTIFICATE", keyStore.getCertificate(ALIAS).getEncoded()));
		Files.writeString(files.privateKey(),
				pem("PRIVATE KEY", keyStore.getKey(ALIAS, Site.PASSWORD.toCharArray()).getEncoded()));
	}

	private static String pem(String type, byte[] content) {
		return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content)
				+ "\n-----END " + type + "-----\n";
	}

}
