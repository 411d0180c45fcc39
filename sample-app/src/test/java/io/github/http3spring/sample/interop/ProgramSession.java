package io.github.http3spring.sample.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A client that is a program, which reads commands and writes its answers.
 */
final class ProgramSession extends CommandSession {

	private static final int SECONDS = 180;

	private final Process process;

	private final PrintStream input;

	private final BufferedReader output;

	ProgramSession(List<String> command, Path errors) throws IOException {
		this.process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
		this.input = new PrintStream(this.process.getOutputStream(), true);
		this.output = this.process.inputReader();
	}

	@Override
	String ask(String command) throws Exception {
		this.input.println(command);
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

	@Override
	public void close() {
		this.process.descendants().forEach(ProcessHandle::destroyForcibly);
		this.process.destroyForcibly();
	}

}
