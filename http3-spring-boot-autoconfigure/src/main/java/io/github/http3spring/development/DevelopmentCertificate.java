package io.github.http3spring.development;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;

/**
 * The certificate of a developer's machine and its key, as PEM files in a directory.
 * Whoever has once been told to trust it goes on doing so: a new one is made only when
 * there is none, or the old one is about to expire.
 *
 * @param certificate the file with the certificate
 * @param privateKey the file with its key, which only its owner can read
 */
public record DevelopmentCertificate(Path certificate, Path privateKey) {

	/**
	 * The directory that is used unless another is named.
	 */
	public static final Path DEFAULT_DIRECTORY = Path.of(System.getProperty("user.home"), ".http3-spring");

	private static final Duration RENEWAL = Duration.ofDays(14);

	private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] { '\n' });

	/**
	 * Return the certificate in a directory. It is made if there is none that is valid
	 * for a while.
	 * @param directory the directory, which is made too
	 * @return the certificate
	 * @throws IOException if the directory cannot be used
	 */
	public static DevelopmentCertificate in(Path directory) throws IOException {
		return in(directory, Instant.now());
	}

	static synchronized DevelopmentCertificate in(Path directory, Instant now) throws IOException {
		DevelopmentCertificate files = new DevelopmentCertificate(directory.resolve("localhost.pem"),
				directory.resolve("localhost-key.pem"));
		if (!Files.isDirectory(directory)) {
			Files.createDirectories(directory);
			keepPrivate(directory, "rwx------");
		}
		// Several applications may be started at once
		try (FileChannel lock = FileChannel.open(directory.resolve(".lock"), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE)) {
			lock.lock();
			if (!files.isValid(now)) {
				files.create(now);
			}
		}
		return files;
	}

	private boolean isValid(Instant now) {
		if (!Files.isReadable(this.privateKey)) {
			return false;
		}
		try (InputStream input = Files.newInputStream(this.certificate)) {
			X509Certificate found = (X509Certificate) CertificateFactory.getInstance("X.509")
				.generateCertificate(input);
			found.checkValidity(Date.from(now.plus(RENEWAL)));
			return true;
		}
		catch (IOException | GeneralSecurityException ex) {
			return false;
		}
	}

	/**
	 * The certificate comes last: where it is, its key is.
	 */
	private void create(Instant now) throws IOException {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
			generator.initialize(new ECGenParameterSpec("secp256r1"));
			KeyPair keys = generator.generateKeyPair();
			// Clocks differ, those of virtual machines above all
			X509Certificate made = LoopbackCertificate.create(keys, now.minus(Duration.ofDays(1)));
			Files.deleteIfExists(this.certificate);
			write(this.privateKey, "PRIVATE KEY", keys.getPrivate().getEncoded());
			write(this.certificate, "CERTIFICATE", made.getEncoded());
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("A JDK without ECDSA on the curve P-256", ex);
		}
	}

	private static void write(Path file, String label, byte[] content) throws IOException {
		Path temporary = Files.createTempFile(file.getParent(), "localhost", ".tmp");
		keepPrivate(temporary, "rw-------");
		Files.writeString(temporary,
				"-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(label, BASE64.encodeToString(content)));
		Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
	}

	private static void keepPrivate(Path path, String permissions) throws IOException {
		if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
			Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
		}
	}

}
