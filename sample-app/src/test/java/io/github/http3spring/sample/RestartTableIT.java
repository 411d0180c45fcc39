package io.github.http3spring.sample;

import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The table of how long each client is without service when the only instance is
 * restarted on its port, and of what its user sees. {@code -Drestart.table} prints all of
 * it, or the rows of the ways to end the process that contain its value.
 */
@EnabledIfSystemProperty(named = "restart.table", matches = ".*", disabledReason = "takes minutes")
class RestartTableIT {

	private static final Logger logger = LoggerFactory.getLogger(RestartTableIT.class);

	/**
	 * Longer than any client's idle timeout.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(90);

	@TempDir
	private Path directory;

	@Test
	void everyClientIsServedAgain() throws Exception {
		Map<String, ClientFactory> clients = new LinkedHashMap<>();
		clients.put("wire client", (port) -> Requester.ofWireClient(port));
		clients.put("gtlsclient, a connection for each request",
				(port) -> Requester.ofEach(
						List.of("gtlsclient", "--no-quic-dump", "--exit-on-all-streams-close", "127.0.0.1",
								String.valueOf(port), "https://localhost:" + port + Requester.PATH),
						this.directory.resolve("gtlsclient.log")));
		IndependentClients.installed()
			.forEach((client) -> clients.put(client.toString(), (port) -> client.requester(port, this.directory)));
		for (Ending ending : Ending.values()) {
			if (!PacedReaderIT.isWanted("restart.table", ending.description)) {
				continue;
			}
			for (Map.Entry<String, ClientFactory> client : clients.entrySet()) {
				logger.info("| {} | {} | {} |", ending.description, client.getKey(),
						restart(ending, client.getValue()));
			}
		}
	}

	private static String restart(Ending ending, ClientFactory factory) throws Exception {
		int port = freePort();
		String[] arguments = Stream.concat(Stream.of("--server.port=" + port), Stream.of(ending.arguments))
			.toArray(String[]::new);
		SampleProcess sample = SampleProcess.serve(arguments);
		try (Loop loop = new Loop(factory.create(port))) {
			await().atMost(PATIENCE).until(() -> loop.served() >= 5);
			long stopped = System.nanoTime();
			ending.end(sample);
			sample = SampleProcess.serve(arguments);
			long serving = System.nanoTime();
			await().atMost(PATIENCE).until(() -> loop.servedSince(serving) >= 5);
			return loop.describe(stopped, serving);
		}
		finally {
			sample.close();
		}
	}

	private static int freePort() throws Exception {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	/**
	 * How the first process ends.
	 */
	private enum Ending {

		SIGTERM("SIGTERM") {

			@Override
			void end(SampleProcess sample) throws Exception {
				sample.terminate();
				assertThat(sample.awaitExit(SampleProcess.TIMEOUT)).isEqualTo(143);
			}

		},

		KILLED("killed") {

			@Override
			void end(SampleProcess sample) {
				sample.close();
			}

		},

		KILLED_WITH_KEY("killed, `stateless-reset-key` set",
				"--http3.server.quic.stateless-reset-key=0123456789abcdef0123456789abcdef") {

			@Override
			void end(SampleProcess sample) {
				sample.close();
			}

		};

		private final String description;

		private final String[] arguments;

		Ending(String description, String... arguments) {
			this.description = description;
			this.arguments = arguments;
		}

		abstract void end(SampleProcess sample) throws Exception;

	}

	/**
	 * A way to make a client of the server on a port.
	 */
	@FunctionalInterface
	private interface ClientFactory {

		Requester create(int port) throws Exception;

	}

	/**
	 * What a request came to.
	 */
	private record Answer(long startedAt, long endedAt, String text) {

		boolean isOk() {
			return this.text.equals(Requester.OK);
		}

	}

	/**
	 * A user who asks again and again.
	 */
	private static final class Loop implements AutoCloseable {

		private final Requester requester;

		private final List<Answer> answers = new CopyOnWriteArrayList<>();

		private volatile boolean closed;

		Loop(Requester requester) {
			this.requester = requester;
			Thread thread = new Thread(this::run, "requests");
			thread.setDaemon(true);
			thread.start();
		}

		private void run() {
			try {
				while (!this.closed) {
					long start = System.nanoTime();
					String text = this.requester.request();
					this.answers.add(new Answer(start, System.nanoTime(), text));
					Thread.sleep(20);
				}
			}
			catch (Exception ex) {
				if (!this.closed) {
					logger.error("Client has failed", ex);
				}
			}
		}

		long served() {
			return this.answers.stream().filter(Answer::isOk).count();
		}

		long servedSince(long time) {
			return this.answers.stream().filter((answer) -> answer.isOk() && answer.startedAt() - time > 0).count();
		}

		String describe(long stopped, long serving) {
			long last = stopped;
			long longest = 0;
			long back = 0;
			List<Answer> failed = new ArrayList<>();
			for (Answer answer : this.answers) {
				if (answer.isOk()) {
					longest = Math.max(longest, answer.endedAt() - last);
					last = answer.endedAt();
					if (back == 0 && answer.endedAt() - serving > 0) {
						back = answer.endedAt() - serving;
					}
				}
				else {
					failed.add(answer);
				}
			}
			TreeSet<String> reasons = new TreeSet<>(failed.stream().map(Answer::text).toList());
			return "%.1f s | %.1f s | %.1f s | %d | %s".formatted((serving - stopped) / 1e9, longest / 1e9, back / 1e9,
					failed.size(), String.join("; ", reasons));
		}

		@Override
		public void close() {
			this.closed = true;
			this.requester.close();
		}

	}

}
