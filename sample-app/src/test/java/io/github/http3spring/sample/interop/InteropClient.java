package io.github.http3spring.sample.interop;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.http3spring.sample.ClientPrograms;
import io.github.http3spring.sample.SampleCertificate;

/**
 * The clients of other stacks, and what none of them can do, and why.
 */
enum InteropClient {

	/**
	 * ngtcp2 and nghttp3 with GnuTLS.
	 */
	GTLSCLIENT("gtlsclient", "ngtcp2", Map.of()) {

		@Override
		boolean isInstalled() {
			return ClientPrograms.find(GtlsSession.PROGRAM).isPresent();
		}

		@Override
		InteropSession start(int port, Path directory) {
			return new GtlsSession(port, directory);
		}

	},

	/**
	 * The client of quic-go, built from the sources that Debian ships.
	 */
	QUIC_GO("quic-go", "quic-go", Map.of()) {

		@Override
		boolean isInstalled() {
			return ClientPrograms.hasQuicGo();
		}

		@Override
		InteropSession start(int port, Path directory) throws Exception {
			return program(directory, ClientPrograms.goProgram("interop").toString(), String.valueOf(port));
		}

	},

	/**
	 * quinn, as it is in Deno.
	 */
	QUINN("Deno", "quinn", Map.of(InteropCase.KEY_UPDATE, "Deno has no call for it")) {

		@Override
		boolean isInstalled() {
			return ClientPrograms.find("deno").isPresent();
		}

		@Override
		InteropSession start(int port, Path directory) throws Exception {
			return program(directory, path("deno"), "run", "--allow-all", "--unstable-net",
					ClientPrograms.SOURCES.resolve("quinn/interop.mjs").toString(), String.valueOf(port),
					SampleCertificate.file().toString());
		}

	},

	/**
	 * The client of Bun.
	 */
	BUN("Bun", "lsquic",
			Map.of(InteropCase.RESUMPTION, "`fetch` keeps its connection and has no call to close it",
					InteropCase.EARLY_DATA, "`fetch` has no call for it", InteropCase.KEY_UPDATE,
					"`fetch` has no call for it")) {

		@Override
		boolean isInstalled() {
			return ClientPrograms.find("bun").isPresent();
		}

		@Override
		InteropSession start(int port, Path directory) throws Exception {
			return program(directory, path("bun"), ClientPrograms.SOURCES.resolve("bun/interop.mjs").toString(),
					String.valueOf(port));
		}

	},

	/**
	 * Flupke, whose QUIC is that of Kwik.
	 */
	FLUPKE("Flupke", "Kwik", Map.of(InteropCase.EARLY_DATA, "its requests wait for the end of the handshake",
			InteropCase.ECHO, InteropClient.SENDS_FIRST)) {

		@Override
		boolean isInstalled() {
			return true;
		}

		@Override
		InteropSession start(int port, Path directory) {
			return new FlupkeSession(port);
		}

	},

	/**
	 * The client of Jetty, which calls quiche by JNA.
	 */
	JETTY("Jetty", "quiche", Map.of(InteropCase.RESUMPTION, "gives quiche no session to resume", InteropCase.EARLY_DATA,
			"gives quiche no session to resume", InteropCase.KEY_UPDATE, "quiche has no call for it")) {

		@Override
		boolean isInstalled() {
			return JavaSession.isBuilt();
		}

		@Override
		InteropSession start(int port, Path directory) throws Exception {
			return new JavaSession("jetty", port);
		}

	},

	/**
	 * The client of Vert.x, whose QUIC is that of Netty.
	 */
	VERTX("Vert.x", "quiche",
			Map.of(InteropCase.RESUMPTION, "makes a TLS context for each connection, with no session in it",
					InteropCase.EARLY_DATA, "makes a TLS context for each connection, with no session in it",
					InteropCase.KEY_UPDATE, "quiche has no call for it")) {

		@Override
		boolean isInstalled() {
			return JavaSession.isBuilt();
		}

		@Override
		InteropSession start(int port, Path directory) throws Exception {
			return new JavaSession("vertx", port);
		}

	},

	/**
	 * Chromium, as Debian packages it.
	 */
	CHROMIUM("Chromium", "Google's QUICHE",
			Map.of(InteropCase.RESUMPTION, "a page cannot close its connection", InteropCase.EARLY_DATA,
					"a page cannot close its connection", InteropCase.KEY_UPDATE, "a page has no call for it",
					InteropCase.ECHO, InteropClient.SENDS_FIRST)) {

		@Override
		boolean isInstalled() {
			return ClientPrograms.hasChromium();
		}

		@Override
		InteropSession start(int port, Path directory) throws Exception {
			return program(directory, "node", ClientPrograms.SOURCES.resolve("chromium/interop.mjs").toString(),
					ClientPrograms.CHROMIUM.toString(), String.valueOf(port), SampleCertificate.publicKeyHash());
		}

	};

	private static final String SENDS_FIRST = "reads a response once its request is sent";

	private final String title;

	private final String stack;

	private final Map<InteropCase, String> impossible;

	InteropClient(String title, String stack, Map<InteropCase, String> impossible) {
		this.title = title;
		this.stack = stack;
		this.impossible = impossible;
	}

	abstract boolean isInstalled();

	/**
	 * Return whether it does a case with every build.
	 */
	boolean isUsual(InteropCase row) {
		return switch (this) {
			// Takes its time to start
			case CHROMIUM -> false;
			// One that sends as much either way is enough
			case JETTY, VERTX -> row != InteropCase.DOWNLOAD && row != InteropCase.UPLOAD;
			default -> row.isQuick();
		};
	}

	/**
	 * Start a client.
	 * @param port the UDP port of the server on this host
	 * @param directory for files of the client's
	 */
	abstract InteropSession start(int port, Path directory) throws Exception;

	/**
	 * Return the stack that QUIC is of.
	 */
	String stack() {
		return this.stack;
	}

	/**
	 * Return why the client cannot do a case, if it cannot.
	 */
	Optional<String> impossible(InteropCase row) {
		return Optional.ofNullable(this.impossible.get(row));
	}

	private static InteropSession program(Path directory, String... command) throws Exception {
		return new ProgramSession(List.of(command), directory.resolve("errors.log"));
	}

	private static String path(String tool) {
		return ClientPrograms.find(tool).orElseThrow().toString();
	}

	@Override
	public String toString() {
		return this.title;
	}

}
