package io.github.http3spring.sample.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.wire.BodyPattern;

/**
 * gtlsclient of ngtcp2 and nghttp3, which is run for each command and keeps what the
 * server has left it in files.
 */
final class GtlsSession implements InteropSession {

	static final String PROGRAM = "gtlsclient";

	private static final String OK = "[:status: 200]";

	private final int port;

	private final Path directory;

	GtlsSession(int port, Path directory) {
		this.port = port;
		this.directory = directory;
	}

	@Override
	public String get(String path) throws Exception {
		return request(path, "--disable-early-data");
	}

	@Override
	public String post(String path, int size) throws Exception {
		Path body = Files.write(this.directory.resolve("request"), BodyPattern.bytes(size));
		return request(path, "--disable-early-data", "-m", "POST", "-d", body.toString());
	}

	@Override
	public int many(String path, int count) throws Exception {
		return (int) run(path, "--disable-early-data", "-n", String.valueOf(count)).lines()
			.filter((line) -> line.contains(OK))
			.count();
	}

	@Override
	public int each(String path, int count) throws Exception {
		return many(path, count);
	}

	@Override
	public void disconnect() {
		// Each connection ends with its command
	}

	@Override
	public String early(String path) throws Exception {
		return request(path);
	}

	@Override
	public String update(String path) throws Exception {
		String answer = request(path, "--key-update=30ms");
		if (!Files.readString(log()).contains("key update confirmed")) {
			throw new IOException("Keys have not been updated");
		}
		return answer;
	}

	private String request(String path, String... options) throws Exception {
		List<String> all = new ArrayList<>(List.of(options));
		all.add("--download=" + this.directory);
		String output = run(path, all.toArray(String[]::new));
		return Answers.of(output.contains(OK) ? 200 : 0,
				Files.readAllBytes(this.directory.resolve(Path.of(path).getFileName())));
	}

	private Path log() {
		return this.directory.resolve(PROGRAM + ".log");
	}

	private String run(String path, String... options) throws Exception {
		List<String> command = new ArrayList<>(List.of(PROGRAM, "--no-quic-dump", "--no-http-dump",
				"--exit-on-all-streams-close", "--session-file=" + this.directory.resolve("session"),
				"--tp-file=" + this.directory.resolve("parameters")));
		command.addAll(List.of(options));
		command.addAll(List.of("127.0.0.1", String.valueOf(this.port), "https://localhost:" + this.port + path));
		Process client = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log().toFile()).start();
		try {
			if (!client.waitFor(60, TimeUnit.SECONDS) || client.exitValue() != 0) {
				throw new IOException(PROGRAM + " has failed");
			}
			return Files.readString(log());
		}
		finally {
			client.destroyForcibly();
		}
	}

	@Override
	public void close() {
		// Nothing runs
	}

}
