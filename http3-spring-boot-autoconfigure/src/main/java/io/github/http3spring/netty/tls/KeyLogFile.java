package io.github.http3spring.netty.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

import javax.net.ssl.SSLEngine;

import io.netty.incubator.codec.quic.BoringSSLKeylog;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * A file with the TLS secrets of connections in the NSS key log format, which tools like
 * Wireshark read. Only its owner may read it. Thread-safe.
 * <p>
 * Each of the five lines of a handshake is appended by itself and at once, on the event
 * loop: a reader that follows the file can decrypt the first packet, and nothing has to
 * be closed. That costs about as much as the page cache does, not a disk.
 */
public final class KeyLogFile implements BoringSSLKeylog {

	private static final Log logger = LogFactory.getLog(KeyLogFile.class);

	private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

	private final Path file;

	private volatile boolean failed;

	private KeyLogFile(Path file) {
		this.file = file;
	}

	/**
	 * Create the file, or take one that is there, and warn of what that means.
	 * @param file the file
	 * @return the file, ready to be written to
	 * @throws IOException if it cannot be written to or be hidden from others
	 */
	public static KeyLogFile open(Path file) throws IOException {
		boolean posix = Files.getFileStore(file.toAbsolutePath().getParent())
			.supportsFileAttributeView(PosixFileAttributeView.class);
		if (Files.notExists(file)) {
			Files.createFile(file, posix ? new FileAttribute<?>[] { PosixFilePermissions.asFileAttribute(OWNER_ONLY) }
					: new FileAttribute<?>[0]);
		}
		if (posix) {
			Files.setPosixFilePermissions(file, OWNER_ONLY);
		}
		KeyLogFile keyLog = new KeyLogFile(file);
		keyLog.append("");
		logger.warn("The TLS secrets of all HTTP/3 connections are written to " + file.toAbsolutePath()
				+ ": anybody who reads that file can decrypt them");
		return keyLog;
	}

	@Override
	public void logKey(SSLEngine engine, String key) {
		if (this.failed) {
			return;
		}
		try {
			append(key + "\n");
		}
		catch (IOException ex) {
			this.failed = true;
			logger.error("No more TLS secrets are written to " + this.file.toAbsolutePath(), ex);
		}
	}

	private void append(String text) throws IOException {
		Files.writeString(this.file, text, StandardOpenOption.APPEND);
	}

}
