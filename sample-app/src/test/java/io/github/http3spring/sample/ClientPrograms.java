package io.github.http3spring.sample;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Finds and builds the programs of clients of other stacks.
 */
public final class ClientPrograms {

	/**
	 * The sources of those that are not of this build.
	 */
	public static final Path SOURCES = Path.of("..", "sample-app", "src", "test", "clients");

	/**
	 * Chromium, as Debian packages it.
	 */
	public static final Path CHROMIUM = Path.of("/usr/bin/chromium");

	private static final Path GO_PATH = Path.of("/usr/share/gocode");

	private ClientPrograms() {
	}

	/**
	 * Find a program on the path.
	 */
	public static Optional<Path> find(String tool) {
		String path = System.getenv().getOrDefault("PATH", "");
		return Arrays.stream(path.split(File.pathSeparator))
			.map((entry) -> Path.of(entry, tool))
			.filter(Files::isExecutable)
			.findFirst();
	}

	/**
	 * Return whether programs of quic-go can be built from the sources that Debian ships.
	 */
	public static boolean hasQuicGo() {
		return find("go").isPresent() && Files.isDirectory(GO_PATH.resolve("src/github.com/lucas-clemente/quic-go"));
	}

	/**
	 * Return whether scripts can drive Chromium.
	 */
	public static boolean hasChromium() {
		String modules = System.getenv().getOrDefault("NODE_PATH", "");
		return Files.isExecutable(CHROMIUM) && Files.isDirectory(Path.of(modules, "playwright-core"));
	}

	/**
	 * Build a program of {@code quic-go} unless that has been done.
	 */
	public static synchronized Path goProgram(String name) throws Exception {
		Path program = Path.of("target", "quic-go-" + name);
		if (!Files.exists(program)) {
			ProcessBuilder go = new ProcessBuilder("go", "build", "-o", program.toString(),
					SOURCES.resolve("quic-go").resolve(name + ".go").toString());
			go.environment().put("GO111MODULE", "off");
			go.environment().put("GOPATH", GO_PATH.toString());
			go.environment().putIfAbsent("GOCACHE", Path.of("target", "go-cache").toAbsolutePath().toString());
			Process build = go.inheritIO().start();
			assertThat(build.waitFor(5, TimeUnit.MINUTES)).isTrue();
			assertThat(build.exitValue()).isZero();
		}
		return program;
	}

}
