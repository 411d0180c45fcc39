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

	JvmServer(String name, String title, Class<?> program, Libraries libraries) {
		this(name, title, Protocol.HTTP3, program.getName(), libraries, List.of(), false);
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
		return this.libraries.isResolved() ? Optional.empty() : Optional.of("its libraries are not resolved");
	}

	@Override
	public List<String> command(Site site) {
		List<String> command = new ArrayList<>(java(OPTIONS));
		command.addAll(List.of("-cp", this.libraries.classPath(), this.program, Integer.toString(site.port()),
				site.files().keyStore().toString()));
		command.addAll(this.arguments);
		return command;
	}

	static List<String> java(List<String> options) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(options);
		return command;
	}

	static List<String> options() {
		return OPTIONS;
	}

	/**
	 * The libraries of a server, which the build has written to a file.
	 *
	 * @param file their class path
	 */
	record Libraries(Path file) {

		boolean isResolved() {
			return Files.exists(this.file);
		}

		/**
		 * Return their class path, the programs of this module first.
		 */
		String classPath() {
			try {
				return this.file.resolveSibling("classes") + ":" + Files.readString(this.file).strip();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
