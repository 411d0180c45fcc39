package io.github.http3spring.clients;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Does with a client what a command says, and returns its answer. {@code CommandSession}
 * tells the commands.
 */
public final class Commands implements UnaryOperator<String>, AutoCloseable {

	/**
	 * Bound of a request, and of making a connection for it.
	 */
	static final int SECONDS = 60;

	private static final byte[] NOTHING = {};

	private final Client client;

	/**
	 * Start a client.
	 * @param name which one
	 * @param port the UDP port of the server on this host
	 * @throws Exception if it cannot
	 */
	public Commands(String name, int port) throws Exception {
		this.client = switch (name) {
			case "jetty" -> new JettyClient(port);
			case "vertx" -> new VertxClient(port);
			default -> throw new IllegalArgumentException(name);
		};
	}

	@Override
	public String apply(String command) {
		String[] words = command.split(" ");
		try {
			return switch (words[0]) {
				case "get" -> result(get(words[1])).toString();
				case "post" -> result(this.client.send("POST", words[1], pattern(Integer.parseInt(words[2])))).toString();
				case "many" -> String.valueOf(many(words[1], Integer.parseInt(words[2])));
				case "each" -> String.valueOf(each(words[1], Integer.parseInt(words[2])));
				default -> throw new IllegalArgumentException(command);
			};
		}
		catch (Exception ex) {
			return "error " + ex;
		}
	}

	private CompletableFuture<Answer> get(String path) {
		return this.client.send("GET", path, NOTHING);
	}

	private static Answer result(CompletableFuture<Answer> answer) throws Exception {
		return answer.get(SECONDS, TimeUnit.SECONDS);
	}

	private int many(String path, int count) throws Exception {
		List<CompletableFuture<Answer>> answers = Stream.generate(() -> get(path)).limit(count).toList();
		int served = 0;
		for (CompletableFuture<Answer> answer : answers) {
			served += result(answer).isOk() ? 1 : 0;
		}
		return served;
	}

	private int each(String path, int count) throws Exception {
		int served = 0;
		while (served < count && result(get(path)).isOk()) {
			served++;
		}
		return served;
	}

	private static byte[] pattern(int size) {
		byte[] bytes = new byte[size];
		for (int index = 0; index < size; index++) {
			bytes[index] = (byte) (index % 251);
		}
		return bytes;
	}

	@Override
	public void close() {
		this.client.close();
	}

}
