package io.github.http3spring.sample;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Finds and starts clients of other stacks, whose sources are in {@code src/test/clients}
 * and which read a response at a pace. Where a tool is missing, tests are skipped, but
 * not in CI.
 */
enum IndependentClients {

	/**
	 * The client of quic-go, built from the sources that Debian ships.
	 */
	QUIC_GO {

		@Override
		boolean isInstalled() {
			return find("go").isPresent()
					&& Files.isDirectory(GO_PATH.resolve("src/github.com/lucas-clemente/quic-go"));
		}

		@Override
		Process read(int port, String path, int bytesPerSecond, int pauseAfter, int pauseMillis, Path log)
				throws Exception {
			Path client = Path.of("target", "quic-go-reader");
			synchronized (IndependentClients.class) {
				if (!Files.exists(client)) {
					build(client);
				}
			}
			return start(log, client.toString(), "https://localhost:" + port + path, String.valueOf(bytesPerSecond),
					String.valueOf(pauseAfter), String.valueOf(pauseMillis));
		}

		private void build(Path client) throws Exception {
			ProcessBuilder go = new ProcessBuilder("go", "build", "-o", client.toString(),
					CLIENTS.resolve("quic-go/reader.go").toString());
			go.environment().put("GO111MODULE", "off");
			go.environment().put("GOPATH", GO_PATH.toString());
			go.environment().putIfAbsent("GOCACHE", Path.of("target", "go-cache").toAbsolutePath().toString());
			Process build = go.inheritIO().start();
			assertThat(build.waitFor(5, TimeUnit.MINUTES)).isTrue();
			assertThat(build.exitValue()).isZero();
		}

	},

	/**
	 * quinn, as it is in Deno.
	 */
	QUINN {

		@Override
		boolean isInstalled() {
			return find("deno").isPresent();
		}

		@Override
		Process read(int port, String path, int bytesPerSecond, int pauseAfter, int pauseMillis, Path log)
				throws Exception {
			return start(log, find("deno").orElseThrow().toString(), "run", "--allow-all", "--unstable-net",
					CLIENTS.resolve("quinn/reader.mjs").toString(), String.valueOf(port), path,
					String.valueOf(bytesPerSecond), String.valueOf(pauseAfter), String.valueOf(pauseMillis),
					certificate(log.resolveSibling("certificate.pem")).toString());
		}

	};

	private static final Path CLIENTS = Path.of("src", "test", "clients");

	private static final Path GO_PATH = Path.of("/usr/share/gocode");

	abstract boolean isInstalled();

	/**
	 * Start to read a response.
	 * @param port the UDP port of the server on this host
	 * @param path the path
	 * @param bytesPerSecond the pace, 0 for full speed
	 * @param pauseAfter the number of bytes after which nothing is read for a while
	 * @param pauseMillis the length of that while
	 * @param log the file for what the client prints, at its end {@code read BYTES}
	 * @return the client
	 */
	abstract Process read(int port, String path, int bytesPerSecond, int pauseAfter, int pauseMillis, Path log)
			throws Exception;

	/**
	 * Return the clients that are there, all of them in CI.
	 */
	static Stream<IndependentClients> installed() {
		return Arrays.stream(values()).filter((client) -> System.getenv("CI") != null || client.isInstalled());
	}

	static boolean isAnyThereOrExpected() {
		return installed().findAny().isPresent();
	}

	private static Optional<Path> find(String tool) {
		String path = System.getenv().getOrDefault("PATH", "");
		return Arrays.stream(path.split(File.pathSeparator))
			.map((entry) -> Path.of(entry, tool))
			.filter(Files::isExecutable)
			.findFirst();
	}

	private static Process start(Path log, String... command) throws IOException {
		return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
	}

	private static Path certificate(Path file) throws Exception {
		KeyStore keyStore = KeyStore.getInstance(Path.of("target", "classes", "sample.p12").toFile(),
				"changeit".toCharArray());
		Certificate certificate = keyStore.getCertificate("sample");
		String text = Base64.getMimeEncoder().encodeToString(certificate.getEncoded());
		return Files.writeString(file, "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n");
	}

}
