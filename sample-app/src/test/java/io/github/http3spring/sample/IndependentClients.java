package io.github.http3spring.sample;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.github.http3spring.reader.FlupkeReader;
import io.github.http3spring.reader.ReactorNettyReader;

/**
 * Finds clients of other stacks that read a response at a pace. The sources of those that
 * are not in Java are in {@code src/test/clients}; where their tool is missing, tests do
 * without them, but not in CI.
 */
enum IndependentClients {

	/**
	 * The client of quic-go, built from the sources that Debian ships.
	 */
	QUIC_GO("quic-go") {

		@Override
		boolean isInstalled() {
			return ClientPrograms.hasQuicGo();
		}

		@Override
		List<String> command(int port, PacedRead read, Path directory) throws Exception {
			return with(read, ClientPrograms.goProgram("reader").toString(), read.url("localhost", port));
		}

		@Override
		Requester requester(int port, Path directory) throws Exception {
			return Requester.of(List.of(ClientPrograms.goProgram("requester").toString(),
					"https://localhost:" + port + Requester.PATH));
		}

	},

	/**
	 * quinn, as it is in Deno.
	 */
	QUINN("quinn") {

		@Override
		boolean isInstalled() {
			return ClientPrograms.find("deno").isPresent();
		}

		@Override
		List<String> command(int port, PacedRead read, Path directory) throws Exception {
			List<String> command = with(read, ClientPrograms.find("deno").orElseThrow().toString(), "run",
					"--allow-all", "--unstable-net", ClientPrograms.SOURCES.resolve("quinn/reader.mjs").toString(),
					String.valueOf(port), read.path());
			command.add(SampleCertificate.file().toString());
			return command;
		}

		@Override
		Requester requester(int port, Path directory) throws Exception {
			return Requester.of(List.of(ClientPrograms.find("deno").orElseThrow().toString(), "run", "--allow-all",
					"--unstable-net", ClientPrograms.SOURCES.resolve("quinn/requester.mjs").toString(),
					String.valueOf(port), Requester.PATH, SampleCertificate.file().toString()));
		}

	},

	/**
	 * The client of Bun, with a window of 6 MiB.
	 */
	BUN("Bun") {

		@Override
		boolean isInstalled() {
			return ClientPrograms.find("bun").isPresent();
		}

		@Override
		boolean showsItsPace(PacedRead read) {
			return read.bytesPerSecond() == 0 || read.size() > 6 << 20;
		}

		@Override
		List<String> command(int port, PacedRead read, Path directory) {
			return with(read, ClientPrograms.find("bun").orElseThrow().toString(),
					ClientPrograms.SOURCES.resolve("bun/reader.mjs").toString(),
					// Of the addresses of "localhost" it tries no more than the first
					read.url("127.0.0.1", port));
		}

		@Override
		Requester requester(int port, Path directory) throws Exception {
			return Requester.of(List.of(ClientPrograms.find("bun").orElseThrow().toString(),
					ClientPrograms.SOURCES.resolve("bun/requester.mjs").toString(),
					"https://127.0.0.1:" + port + Requester.PATH));
		}

	},

	/**
	 * Flupke, whose QUIC is that of Kwik.
	 */
	FLUPKE("Flupke") {

		@Override
		List<String> command(int port, PacedRead read, Path directory) {
			return java(FlupkeReader.class, port, read);
		}

		@Override
		Requester requester(int port, Path directory) {
			return Requester.ofFlupke(port);
		}

	},

	/**
	 * The client of Reactor Netty, whose QUIC is that of quiche.
	 */
	REACTOR_NETTY("Reactor Netty") {

		@Override
		List<String> command(int port, PacedRead read, Path directory) {
			return java(ReactorNettyReader.class, port, read);
		}

		@Override
		Requester requester(int port, Path directory) {
			return Requester.ofReactorNetty(port);
		}

	};

	private final String title;

	IndependentClients(String title) {
		this.title = title;
	}

	boolean isInstalled() {
		return true;
	}

	/**
	 * Return whether the server can see how fast the client reads: not if the whole
	 * response fits into its window.
	 */
	boolean showsItsPace(PacedRead read) {
		return true;
	}

	/**
	 * Return the command that reads a response.
	 * @param port the UDP port of the server on this host
	 * @param read what to read, and how
	 * @param directory for files of the client's
	 */
	abstract List<String> command(int port, PacedRead read, Path directory) throws Exception;

	/**
	 * Return a client of this kind that sends one request after another.
	 * @param port the UDP port of the server on this host
	 * @param directory for files of the client's
	 */
	abstract Requester requester(int port, Path directory) throws Exception;

	/**
	 * Return the clients that are there, all of them in CI.
	 */
	static Stream<IndependentClients> installed() {
		return Arrays.stream(values()).filter((client) -> System.getenv("CI") != null || client.isInstalled());
	}

	@Override
	public String toString() {
		return this.title;
	}

	private static List<String> with(PacedRead read, String... command) {
		List<String> arguments = new ArrayList<>(List.of(command));
		arguments.addAll(read.pace());
		return arguments;
	}

	private static List<String> java(Class<?> program, int port, PacedRead read) {
		return with(read, Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
				"-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), program.getName(),
				read.url("localhost", port));
	}

}
