package io.github.http3spring.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A client of another stack that is reading a response, in a process of its own. It stays
 * connected when it has read.
 */
final class PacedReader implements AutoCloseable {

	private final Process process;

	private final Path log;

	private final PacedRead read;

	private PacedReader(Process process, Path log, PacedRead read) {
		this.process = process;
		this.log = log;
		this.read = read;
	}

	/**
	 * Start to read.
	 * @param client the client
	 * @param port the UDP port of the server on this host
	 * @param read what to read, and how
	 * @param directory for files of the client's
	 */
	static PacedReader start(IndependentClients client, int port, PacedRead read, Path directory) throws Exception {
		Path log = Files.createTempFile(directory, "reader", ".log");
		ProcessBuilder builder = new ProcessBuilder(client.command(port, read, directory)).redirectErrorStream(true)
			.redirectOutput(log.toFile());
		return new PacedReader(builder.start(), log, read);
	}

	/**
	 * Wait until the first bytes of the response are there.
	 */
	void awaitBegin() {
		await().atMost(SampleProcess.TIMEOUT)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(5))
			.until(() -> find("response has begun") != null || !this.process.isAlive());
		assertThat(lines()).contains("response has begun");
	}

	/**
	 * Wait until the client has read what it gets.
	 * @return {@code whole} if it has read all of its response, otherwise how much
	 */
	String awaitResult() {
		await().atMost(Duration.ofSeconds(60)).until(() -> find("read ") != null || !this.process.isAlive());
		String result = find("read ");
		return ("read " + this.read.size()).equals(result) ? "whole" : lines().toString();
	}

	private String find(String start) {
		return lines().stream().filter((line) -> line.startsWith(start)).findFirst().orElse(null);
	}

	private List<String> lines() {
		try {
			return Files.readAllLines(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
