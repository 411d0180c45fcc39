package io.github.http3spring.benchmarks.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A server that is installed, has a file for its configuration, and serves files.
 */
interface FileServer extends Server {

	@Override
	default String title() {
		return name();
	}

	@Override
	default boolean isJvm() {
		return false;
	}

	@Override
	default Optional<String> obstacle(String workload) {
		return workload.equals("upload") ? Optional.of("serves files, and reads no uploads") : Optional.empty();
	}

	/**
	 * Write the configuration.
	 * @param site where it serves
	 * @param name the name of the file
	 * @param text a format of port, certificate, private key and the directory to serve
	 * @return the file
	 */
	default Path configure(Site site, String name, String text) {
		Site.Files files = site.files();
		try {
			return Files.writeString(files.directory().resolve(name),
					String.format(text, site.port(), files.certificate(), files.privateKey(), files.root()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
