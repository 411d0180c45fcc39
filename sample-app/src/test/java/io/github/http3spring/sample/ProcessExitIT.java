package io.github.http3spring.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.http3spring.stubborn.StubbornHandlers;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static io.github.http3spring.sample.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A shutdown ends within its grace period and one second, and with it the process,
 * whatever its clients and handlers do.
 */
class ProcessExitIT {

	private static final Logger logger = LoggerFactory.getLogger(ProcessExitIT.class);

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final Duration GRACE_PERIOD = Duration.ofSeconds(1);

	/**
	 * How long a process that is late is watched, to say how late it is.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(50);

	private static final Pattern VERDICT = Pattern.compile("HTTP/3 shutdown (?:in)?complete in (\\d+) ms");

	private static final int CONNECTIONS = 50;

	private static final int VANISHED = 10;

	@Test
	void clientsThatDoNotReadOrHaveVanishedAndHandlersThatNeverAnswerOrIgnoreCancellationAreNotWaitedFor()
			throws Exception {
		WireOptions starved = WireOptions.defaults().withWindows(1 << 20, 10_000);
		try (SampleProcess sample = start();
				UdpProxy network = UdpProxy.to(sample.udpAddress());
				WireClient client = WireClient.create(starved)) {
			List<WireConnection> connections = new ArrayList<>();
			for (int number = 0; number < CONNECTIONS; number++) {
				WireConnection connection = get(
						client.connect((number < VANISHED) ? network.address() : sample.udpAddress()));
				WireStream download = connection.openSilently();
				download.pauseReading();
				download.headers("GET", "/bytes/8000000", Map.of()).finish();
				connection.get("/never");
				connection.get("/ignores-cancellation");
				connection.get("/events");
				connections.add(connection);
			}
			// The server has one socket: once these are answered, it has got all of the
			// above
			get(get(client.connect(network.address())).get("/hello").response());
			get(get(client.connect(sample.udpAddress())).get("/hello").response());
			for (Direction direction : Direction.values()) {
				network.dropAll(direction);
			}
			assertExitsInTime(sample);
			for (WireConnection connection : connections.subList(VANISHED, CONNECTIONS)) {
				assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			}
			// One more if the last response of the vanished clients was not acknowledged
			assertThat(sample.log()).containsPattern("(50|51) at deadline").doesNotContain("LEAK: ", " ERROR ");
		}
	}

	@Test
	void handlerThatBlocksTheEventLoopIsNotWaitedFor() throws Exception {
		try (SampleProcess sample = start(); WireClient client = WireClient.create()) {
			WireConnection other = get(client.connect(sample.udpAddress()));
			other.get("/never");
			WireConnection connection = get(client.connect(sample.udpAddress()));
			connection.get("/blocks-event-loop");
			await().atMost(Duration.ofSeconds(10)).until(() -> sample.log().contains("Event loop blocked"));
			assertExitsInTime(sample);
		}
	}

	@Test
	void processThatExitsOnTheEventLoopIsGoneAtOnceAndSaysWhatIsWrong() throws Exception {
		try (SampleProcess sample = SampleProcess.serveWith(StubbornHandlers.class);
				WireClient client = WireClient.create()) {
			WireConnection connection = get(client.connect(sample.udpAddress()));
			assertThat(get(connection.get("/hello").response()).status()).isEqualTo(200);
			connection.get("/exits-on-event-loop");
			assertThat(sample.awaitExit(Duration.ofSeconds(15))).isEqualTo(3);
			assertThat(sample.log()).contains("the event loop has called System.exit and answers no more")
				.contains("java.lang.Runtime.exit")
				.containsOnlyOnce("HTTP/3 shutdown incomplete");
		}
	}

	@Test
	void contextThatIsClosedOnTheEventLoopCutsOffWhatIsBesideItInOrder() throws Exception {
		try (SampleProcess sample = SampleProcess.serveWith(StubbornHandlers.class);
				WireClient client = WireClient.create()) {
			WireConnection connection = get(client.connect(sample.udpAddress()));
			WireStream beside = connection.get("/never");
			assertThat(get(connection.get("/hello").response()).status()).isEqualTo(200);
			connection.get("/closes-on-event-loop");
			assertThat(get(beside.response()).status()).isEqualTo(503);
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(sample.awaitExit(Duration.ofSeconds(15))).isZero();
			assertThat(sample.log()).contains("the application is ended on their event loop")
				.containsOnlyOnce("HTTP/3 shutdown incomplete");
		}
	}

	private static SampleProcess start() throws Exception {
		return SampleProcess.serveWith(StubbornHandlers.class,
				"--http3.server.shutdown.grace-period=" + GRACE_PERIOD.toMillis() + "ms",
				"--http3.server.shutdown.event-streams=wait");
	}

	private static void assertExitsInTime(SampleProcess sample) throws Exception {
		long start = System.nanoTime();
		sample.terminate();
		assertThat(sample.awaitExit(PATIENCE)).isEqualTo(143);
		Duration duration = Duration.ofNanos(System.nanoTime() - start);
		logger.info("Process ended {} ms after SIGTERM, grace period {} ms", duration.toMillis(),
				GRACE_PERIOD.toMillis());
		assertThat(shutdownDuration(sample)).isLessThan(GRACE_PERIOD.plusSeconds(1));
		// What is left is the end of a JVM, which takes its time on a busy machine
		assertThat(duration).isLessThan(GRACE_PERIOD.plusSeconds(3));
	}

	private static Duration shutdownDuration(SampleProcess sample) {
		Matcher verdict = VERDICT.matcher(sample.log());
		assertThat(verdict.find()).as(sample.log()).isTrue();
		return Duration.ofMillis(Long.parseLong(verdict.group(1)));
	}

}
