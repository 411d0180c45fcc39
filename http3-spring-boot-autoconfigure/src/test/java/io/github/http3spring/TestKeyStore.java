package io.github.http3spring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;

/**
 * Makes key stores with a self-signed leaf certificate, with the JDK's own tool.
 */
public final class TestKeyStore {

	/**
	 * Password of every key store.
	 */
	public static final String PASSWORD = "changeit";

	private TestKeyStore() {
	}

	/**
	 * Make a PKCS12 file that must not exist yet.
	 */
	public static Path create(Path file, String commonName) throws IOException, InterruptedException {
		return create(file, commonName, "-keyalg", "EC", "-groupname", "secp256r1");
	}

	/**
	 * Make a PKCS12 file that must not exist yet, with a key of any kind.
	 */
	public static Path create(Path file, String commonName, String... key) throws IOException, InterruptedException {
		keytool(file, "server", commonName, "bc=ca:false", key);
		return file;
	}

	/**
	 * Make a PKCS12 file that must not exist yet, with a certificate that is signed by
	 * another one, which is there under the alias "ca".
	 */
	public static Path createSigned(Path file, String commonName) throws IOException, InterruptedException {
		keytool(file, "ca", commonName + " CA", "bc=ca:true", "-keyalg", "EC", "-groupname", "secp256r1");
		keytool(file, "server", commonName, "bc=ca:false", "-keyalg", "EC", "-groupname", "secp256r1", "-signer", "ca");
		return file;
	}

	private static void keytool(Path file, String alias, String commonName, String constraints, String... key)
			throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of(
				Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-J-XX:TieredStopAtLevel=1",
				"-J-XX:+UseSerialGC", "-genkeypair", "-alias", alias, "-dname", "CN=" + commonName, "-ext",
				"san=dns:localhost,ip:127.0.0.1,ip:::1", "-ext", constraints, "-validity", "30", "-storetype", "PKCS12",
				"-keystore", file.toString(), "-storepass", PASSWORD));
		command.addAll(List.of(key));
		Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
		if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
			throw new IOException("keytool: " + new String(keytool.getInputStream().readAllBytes()));
		}
	}

	/**
	 * Return what shows the certificate of a key store.
	 */
	public static KeyManagerFactory keyManagers(Path file) {
		try {
			KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			factory.init(KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
			return factory;
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Load a key store that is kept in memory only.
	 */
	public static KeyStore load(String commonName) {
		try {
			Path directory = Files.createTempDirectory("keystore");
			Path file = create(directory.resolve("server.p12"), commonName);
			try {
				return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
			}
			finally {
				Files.delete(file);
				Files.delete(directory);
			}
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
