package io.github.http3spring.benchmarks.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A server that is a program of this module, in a JVM of its own.
 *
 * @param name what it is selected by
 * @param title what it is called in tables
 * @param protocol how it is asked
 * @param program its main class, which gets the port and the key store
 * @param libraries the class path of its libraries
 * @param arguments what else the program gets
 * @param sharesCores whether it runs on all cores, and its client too
 */
record JvmServer(String name, String title, Protocol protocol, String program, Libraries libraries,
		List<String> arguments, boolean sharesCores) implements Server {

	/**
	 * The same heap for all, touched at the start, so that what grows later is not heap.
	 */
	private static final List<String> OPTIONS = List.of("-Xms384m", "-Xmx384m", "-XX:+AlwaysPreTouch",
			"-XX:+UseSerialGC", "-XX:-UseDynamicNumberOfCompilerThreads", "-Xshare:auto",
			"-Dio.netty.leakDetection.level=disabled");

	JvmServer(String name, String title, String program, Libraries libraries) {
		this(name, title, Protocol.HTTP3, program, libraries, List.of(), false);
	}

	/**
	 * Return a variant of this server.
	 * @param name the variant's name
	 * @param title the variant's title
	 * @param arguments what it gets more
	 * @return the variant
	 */
	JvmServer with(String name, String title, String... arguments) {
		List<String> all = new ArrayList<>(this.arguments);
		all.addAll(List.of(arguments));
		return new JvmServer(name, title, this.protocol, this.program, this.libraries, all, this.sharesCores);
	}

	JvmServer over(Protocol protocol) {
		return new JvmServer(this.name, this.title, protocol, this.program, this.libraries, this.arguments,
				this.sharesCores);
	}

	JvmServer sharingCores() {
		return new JvmServer(this.name, this.title, this.protocol, this.program, this.libraries, this.arguments, true);
	}

	@Override
	public Optional<String> obstacle() {
		return this.libraries.isResolved() ? Optional.empty() : Optional.of("could not be built");
	}

	@Override
	public List<String> command(Site site) {
		List<String> command = new ArrayList<>(java());
		command.addAll(List.of("-cp", this.libraries.classPath(), this.program, Integer.toString(site.port()),
				site.files().keyStore().toString()));
		command.addAll(this.arguments);
		return command;
	}

	/**
	 * Return how to start a JVM.
	 */
	static List<String> java() {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(OPTIONS);
		return command;
	}

	/**
	 * What a server runs with, which the build has made.
	 *
	 * @param classes the directory of its own classes
	 * @param file has the class path of the rest
	 */
	record Libraries(Path classes, Path file) {

		boolean isResolved() {
			return Files.exists(this.file);
		}

		String classPath() {
			try {
				return this.classes.toAbsolutePath() + ":" + Files.readString(this.file).strip();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
