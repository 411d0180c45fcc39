package io.github.http3spring.benchmarks.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Programs that may be installed on this machine.
 */
final class Programs {

	private Programs() {
	}

	static boolean isInstalled(String name) {
		return output(name, "version").isPresent();
	}

	/**
	 * Run a program that ends by itself.
	 * @param command the program and its arguments
	 * @return what it has written, if it is installed
	 */
	static Optional<String> output(String... command) {
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			return Optional.of(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			return Optional.empty();
		}
	}

}
