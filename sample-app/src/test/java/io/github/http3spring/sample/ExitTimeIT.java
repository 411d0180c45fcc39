package io.github.http3spring.sample;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static io.github.http3spring.sample.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The table of how long a process takes from SIGTERM to its end, for what its clients are
 * at. {@code -Dsample.jar} names the jar of another version to compare with.
 */
@EnabledIfSystemProperty(named = "exit.times", matches = ".*", disabledReason = "takes a minute or two")
class ExitTimeIT {

	private static final Logger logger = LoggerFactory.getLogger(ExitTimeIT.class);

	/**
	 * Longer than any shutdown may take: 30 s for each of Spring's two phases.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(70);

	@TempDir
	private Path directory;

	@ParameterizedTest
	@EnumSource
	void processEndsWhenItsClientsAreServed(Situation situation) throws Exception {
		try (SampleProcess sample = SampleProcess.serve(situation.arguments);
				Clients clients = new Clients(sample, this.directory)) {
			situation.prepare(clients);
			long start = System.nanoTime();
			sample.terminate();
			assertThat(sample.awaitExit(PATIENCE)).isEqualTo(143);
			Duration duration = Duration.ofNanos(System.nanoTime() - start);
			logger.info("| {} | {} s |", situation.description, "%.1f".formatted(duration.toMillis() / 1000.0));
			assertThat(duration.compareTo(situation.bound) < 0 || SampleProcess.isOfAnotherVersion())
				.as("Ended after %s, bound %s:%n%s", duration, situation.bound, sample.log())
				.isTrue();
		}
	}

	/**
	 * What the clients are at when the process is told to end.
	 */
	enum Situation {

		NO_CONNECTION("no connection", 3) {

			@Override
			void prepare(Clients clients) {
				// Nothing to do
			}

		},

		IDLE_CONNECTIONS("50 idle connections", 4) {

			@Override
			void prepare(Clients clients) throws Exception {
				for (int number = 0; number < 50; number++) {
					get(clients.connect().get("/hello").response());
				}
			}

		},

		JUST_READ("8 MiB just read at full speed, the client stays connected", 4) {

			@Override
			void prepare(Clients clients) throws Exception {
				clients.read(PacedRead.atFullSpeed(8 << 20, 0)).awaitResult();
			}

		},

		SLOW_READER("3 MB that are read at 300 kB/s", 14) {

			@Override
			void prepare(Clients clients) throws Exception {
				clients.read(new PacedRead(3_000_000, 300_000, 0, 0, 0)).awaitBegin();
			}

		},

		VANISHED("10 connections of a client that was killed while it waited for responses", 14) {

			@Override
			void prepare(Clients clients) throws Exception {
				for (int number = 0; number < 10; number++) {
					WireConnection connection = clients.connect();
					connection.get("/slow?millis=1000");
					// Sent later and answered: the server has got both
					get(connection.get("/hello").response());
					connection.abandon();
				}
			}

		},

		EVENTS_OVER_HTTP3("Server-Sent Events over HTTP/3", 4) {

			@Override
			void prepare(Clients clients) throws Exception {
				get(clients.connect().get("/events").headersReceived());
			}

		},

		EVENTS_OVER_TCP("Server-Sent Events over HTTP/1.1", 4) {

			@Override
			void prepare(Clients clients) throws Exception {
				clients.getEventsOverTcp();
			}

		},

		DEADLINE("a handler that does not answer, grace period of 3 s", 6, "--http3.server.shutdown.grace-period=3s") {

			@Override
			void prepare(Clients clients) throws Exception {
				WireConnection connection = clients.connect();
				connection.get("/slow?millis=60000");
				get(connection.get("/hello").response());
			}

		};

		private final String description;

		private final Duration bound;

		private final String[] arguments;

		Situation(String description, int boundSeconds, String... arguments) {
			this.description = description;
			this.bound = Duration.ofSeconds(boundSeconds);
			this.arguments = arguments;
		}

		abstract void prepare(Clients clients) throws Exception;

	}

	/**
	 * The clients of a process.
	 */
	private static final class Clients implements AutoCloseable {

		private final SampleProcess sample;

		private final Path directory;

		private final WireClient client = WireClient.create();

		private final List<PacedReader> readers = new ArrayList<>();

		Clients(SampleProcess sample, Path directory) {
			this.sample = sample;
			this.directory = directory;
		}

		WireConnection connect() throws Exception {
			return get(this.client.connect(this.sample.udpAddress()));
		}

		PacedReader read(PacedRead read) throws Exception {
			PacedReader reader = PacedReader.start(IndependentClients.installed().findFirst().orElseThrow(),
					this.sample.udpPort(), read, this.directory);
			this.readers.add(reader);
			return reader;
		}

		void getEventsOverTcp() throws Exception {
			get(new TcpClient(this.sample.tcpPort()).openEvents());
		}

		@Override
		public void close() {
			this.readers.forEach(PacedReader::close);
			this.client.close();
		}

	}

}
