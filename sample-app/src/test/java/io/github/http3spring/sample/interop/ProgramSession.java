package io.github.http3spring.sample.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A client that is a program: it does what a line says, which is the name of a method and
 * its parameters, and answers with a line.
 */
final class ProgramSession implements InteropSession {

	private static final int SECONDS = 180;

	private final Process process;

	private final PrintStream input;

	private final BufferedReader output;

	ProgramSession(List<String> command, Path errors) throws IOException {
		this.process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
		this.input = new PrintStream(this.process.getOutputStream(), true);
		this.output = this.process.inputReader();
	}

	private String ask(Object... words) throws Exception {
		this.input.println(String.join(" ", List.of(words).stream().map(String::valueOf).toList()));
		return CompletableFuture.supplyAsync(this::readLine, (task) -> new Thread(task, "answer").start())
			.get(SECONDS, TimeUnit.SECONDS);
	}

	private String readLine() {
		try {
			return String.valueOf(this.output.readLine());
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	private int count(Object... words) throws Exception {
		String answer = ask(words);
		try {
			return Integer.parseInt(answer);
		}
		catch (NumberFormatException ex) {
			throw new IOException(answer, ex);
		}
	}

	@Override
	public String get(String path) throws Exception {
		return ask("get", path);
	}

	@Override
	public String post(String path, int size) throws Exception {
		return ask("post", path, size);
	}

	@Override
	public int many(String path, int count) throws Exception {
		return count("many", path, count);
	}

	@Override
	public int each(String path, int count) throws Exception {
		return count("each", path, count);
	}

	@Override
	public void disconnect() throws Exception {
		ask("close");
	}

	@Override
	public String early(String path) throws Exception {
		return ask("early", path);
	}

	@Override
	public String update(String path) throws Exception {
		return ask("update", path);
	}

	@Override
	public void close() {
		this.process.descendants().forEach(ProcessHandle::destroyForcibly);
		this.process.destroyForcibly();
	}

}
