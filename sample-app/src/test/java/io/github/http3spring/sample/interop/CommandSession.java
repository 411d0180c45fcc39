package io.github.http3spring.sample.interop;

import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A client that does what a line says, which is the name of a method and its parameters,
 * and answers with a line.
 */
abstract class CommandSession implements InteropSession {

	/**
	 * Return the answer to a command.
	 */
	abstract String ask(String command) throws Exception;

	private String ask(Object... words) throws Exception {
		return ask(Stream.of(words).map(String::valueOf).collect(Collectors.joining(" ")));
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

}
