package io.github.http3spring.netty;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

import javax.management.JMException;
import javax.management.ObjectName;

import io.github.http3spring.server.Http3ServerSnapshot;
import io.github.http3spring.server.ShutdownVerdict;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireStream;
import io.netty.channel.EventLoop;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.ScheduledFuture;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.web.server.GracefulShutdownResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * Many connections that are shut down at once, or looked at.
 * <p>
 * {@code -Dscale.idle=10000 -Dscale.busy=2000} makes them more; each takes a file
 * descriptor.
 */
class ScaleIT {

	private static final Log logger = LogFactory.getLog(ScaleIT.class);

	private static final int IDLE = idle(500);

	private static final int BUSY = Integer.getInteger("scale.busy", 100);

	private static final int SPREAD = idle(100);

	private static final int MEASURED = idle(150);

	private static final int HANDSHAKES = 50;

	private static final int KIBIBYTE = 1024;

	private static final Duration PATIENCE = Duration.ofMinutes(5);

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final WireOptions CLIENT = WireOptions.defaults()
		.withMaxIdleTimeout(PATIENCE)
		.withConnectTimeout(Duration.ofSeconds(30))
		.withRecordStreamEvents(false)
		.withConnectionsPerSocket(50);

	private final ResourceLeakDetector.Level leakLevel = ResourceLeakDetector.getLevel();

	/**
	 * Which takes more time and memory than what is measured here.
	 */
	@BeforeEach
	void trackNoBuffers() {
		ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
	}

	@AfterEach
	void trackBuffersAgain() {
		ResourceLeakDetector.setLevel(this.leakLevel);
	}

	@Test
	void everyRequestCompletesAndEveryClientSeesTheClose() throws Exception {
		try (TestServer server = TestServer.start(ScaleIT::patient); WireClient client = WireClient.create(CLIENT)) {
			List<WireConnection> connections = connect(client, server.address(), IDLE + BUSY);
			List<WireStream> requests = new ArrayList<>();
			for (WireConnection connection : connections.subList(IDLE, IDLE + BUSY)) {
				// Longer than it takes to send them all
				requests.add(connection.get("/slow?millis=" + (2000 + 5 * BUSY)));
			}
			await().atMost(PATIENCE).until(() -> server.started() == BUSY);
			long drops = droppedDatagrams(server.address().getPort());
			Heartbeat heartbeat = new Heartbeat(server.eventLoop());
			long before = cpuTime(server.eventLoop());
			long start = System.nanoTime();
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			long blocked = System.nanoTime() - start;
			for (WireStream request : requests) {
				assertThat(get(request.response()).bodyAsString()).isEqualTo("done");
			}
			for (WireConnection connection : connections) {
				assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
				assertThat(connection.goAwayIds()).hasSize(2);
			}
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
			long cpu = cpuTime(server.eventLoop()) - before;
			heartbeat.stop();
			drops = droppedDatagrams(server.address().getPort()) - drops;
			ShutdownVerdict verdict = server.verdict();
			logger.info(String.format(Locale.ROOT,
					"Scale: %d idle and %d busy connections shut down in %d ms, %d us CPU each, "
							+ "event loop busy for %d ms at most (%d ms by the clock), caller blocked for %d us, "
							+ "%d datagrams dropped",
					IDLE, BUSY, verdict.duration().toMillis(), cpu / 1000 / connections.size(),
					heartbeat.busiest().toMillis(), heartbeat.longest().toMillis(), blocked / 1000, drops));
			assertThat(verdict.connections().completed()).isEqualTo(IDLE + BUSY);
			assertThat(verdict.requests().completed()).isEqualTo(BUSY);
			assertThat(verdict.requests().cancelled()).isZero();
			assertThat(drops).isZero();
			assertThat(heartbeat.busiest()).isLessThan(Duration.ofMillis(200));
			assertThat(heartbeat.longest()).isLessThan(Duration.ofSeconds(2));
			assertThat(Duration.ofNanos(blocked)).isLessThan(Duration.ofMillis(500));
		}
	}

	@Test
	void goAwaysAreSpread() throws Exception {
		Duration spread = Duration.ofMillis(Math.max(2000, SPREAD));
		try (TestServer server = TestServer.start(ScaleIT::patient, "http3.server.shutdown.spread=" + spread);
				WireClient client = WireClient.create(CLIENT)) {
			List<WireConnection> connections = connect(client, server.address(), SPREAD);
			Queue<Long> times = new ConcurrentLinkedQueue<>();
			connections.forEach((connection) -> connection.goAway(1).thenRun(() -> times.add(System.nanoTime())));
			long start = System.nanoTime();
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			for (WireConnection connection : connections) {
				assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			}
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
			long[] tenths = new long[10];
			times.forEach((time) -> tenths[(int) Math.min(9, (time - start) * 10 / spread.toNanos())]++);
			logger.info(String.format(
					"Scale: %d connections shut down in %d ms with a spread of %d ms, GOAWAYs in each tenth of it: %s",
					SPREAD, server.verdict().duration().toMillis(), spread.toMillis(), Arrays.toString(tenths)));
			assertThat(times).hasSize(SPREAD);
			long sum = 0;
			for (int number = 0; number < tenths.length; number++) {
				sum += tenths[number];
				// Late on a busy machine, but never early
				assertThat(sum).isLessThanOrEqualTo(SPREAD * (number + 1) / 10 + SPREAD / 20);
			}
			assertThat(server.verdict().duration()).isLessThan(spread.plusSeconds(5));
		}
	}

	@Test
	void goAwaysOfFewConnectionsAreSpreadToo() throws Exception {
		Duration spread = Duration.ofSeconds(1);
		try (TestServer server = TestServer.start(ScaleIT::patient, "http3.server.shutdown.spread=" + spread);
				WireClient client = WireClient.create(CLIENT)) {
			List<WireConnection> connections = connect(client, server.address(), 5);
			Queue<Long> times = new ConcurrentLinkedQueue<>();
			connections.forEach((connection) -> connection.goAway(1).thenRun(() -> times.add(System.nanoTime())));
			get(server.shutDown());
			long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
			assertThat(Duration.ofNanos(sorted[4] - sorted[0])).isGreaterThan(spread.dividedBy(2));
		}
	}

	@Test
	void connectionTakesLessThanOneAndAHalfKibibytesOfHeap() throws Exception {
		Memory plain;
		try (PlainReactorNettyServer server = PlainReactorNettyServer.startReadingControlStreams(PATIENCE)) {
			plain = Memory.measure(server.address());
		}
		Memory ours;
		try (TestServer server = TestServer.start(ScaleIT::patient, "http3.server.shutdown.grace-period=100ms")) {
			ours = Memory.measure(server.address());
		}
		logger.info(
				String.format(
						"Scale: %d connections take %d bytes of heap each for what is ours, and %d more than with "
								+ "plain Reactor Netty in all",
						MEASURED, ours.ownMinus(plain), ours.totalMinus(plain)));
		assertThat(ours.ownMinus(plain)).isBetween(100L, 3L * KIBIBYTE / 2);
	}

	@Test
	void snapshotsAndSamplesLetTheEventLoopServe() throws Exception {
		try (TestServer server = TestServer.start((options) -> patient(options.sampleInterval(Duration.ofSeconds(1))));
				WireClient client = WireClient.create(CLIENT)) {
			List<WireConnection> connections = connect(client, server.address(), IDLE);
			// The first time also pays for the loading of classes
			get(connections.get(0).get("/hello").response());
			get(server.server().snapshot(0, 1));
			Heartbeat heartbeat = new Heartbeat(server.eventLoop());
			long before = cpuTime(server.eventLoop());
			long start = System.nanoTime();
			CompletableFuture<Http3ServerSnapshot> all = server.server().snapshot(0, Integer.MAX_VALUE);
			// Comes while the snapshot is being taken
			WireStream request = connections.get(0).get("/hello");
			long served = get(request.response().thenApply((response) -> System.nanoTime() - start));
			assertThat(get(all).connections()).hasSize(IDLE);
			long taken = System.nanoTime() - start;
			long cpu = cpuTime(server.eventLoop()) - before;
			assertThat(get(server.server().snapshot(IDLE - 10, 100)).connections()).hasSize(10);
			AtomicInteger samples = new AtomicInteger();
			server.server().addSampleListener((sample) -> samples.incrementAndGet());
			await().atMost(PATIENCE).until(() -> samples.get() >= IDLE);
			heartbeat.stop();
			logger.info(String.format(Locale.ROOT,
					"Scale: snapshot of %d connections in %d ms, %d us CPU each, request served after %d ms, "
							+ "event loop busy for %d ms at most (%d ms by the clock)",
					IDLE, taken / 1_000_000, cpu / 1000 / IDLE, served / 1_000_000, heartbeat.busiest().toMillis(),
					heartbeat.longest().toMillis()));
			assertThat(heartbeat.busiest()).isLessThan(Duration.ofMillis(100));
			assertThat(heartbeat.longest()).isLessThan(Duration.ofSeconds(2));
		}
	}

	private static int idle(int byDefault) {
		return Integer.getInteger("scale.idle", byDefault);
	}

	private static TestServer.Options patient(TestServer.Options options) {
		return options.properties(TestServer.ONE_WORKER, "http3.server.quic.max-idle-timeout=" + PATIENCE,
				"http3.server.shutdown.grace-period=" + PATIENCE);
	}

	/**
	 * Open connections, some at a time.
	 */
	private static List<WireConnection> connect(WireClient client, InetSocketAddress address, int count)
			throws Exception {
		Semaphore handshakes = new Semaphore(HANDSHAKES);
		List<CompletableFuture<WireConnection>> attempts = new ArrayList<>();
		for (int number = 0; number < count; number++) {
			assertThat(handshakes.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
			CompletableFuture<WireConnection> attempt = client.connect(address);
			attempt.whenComplete((connection, ex) -> handshakes.release());
			attempts.add(attempt);
		}
		List<WireConnection> connections = new ArrayList<>();
		for (CompletableFuture<WireConnection> attempt : attempts) {
			connections.add(get(attempt));
		}
		return connections;
	}

	private static <T> T get(CompletableFuture<T> future) throws Exception {
		return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

	private static long cpuTime(EventLoop eventLoop) throws Exception {
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		return eventLoop.submit(threads::getCurrentThreadCpuTime).get(10, TimeUnit.SECONDS);
	}

	/**
	 * Return how many datagrams the system has thrown away because the buffer of the
	 * server's socket was full, where it tells.
	 */
	private static long droppedDatagrams(int port) throws IOException {
		String localPort = String.format("%04X", port);
		for (String table : List.of("/proc/net/udp", "/proc/net/udp6")) {
			List<String> lines = Files.isReadable(Path.of(table)) ? Files.readAllLines(Path.of(table)) : List.of();
			for (String line : lines) {
				String[] columns = line.trim().split("\\s+");
				if (columns[1].endsWith(":" + localPort)) {
					return Long.parseLong(columns[columns.length - 1]);
				}
			}
		}
		return 0;
	}

	/**
	 * A task every 10 ms, which notes how late it is.
	 */
	private static final class Heartbeat {

		private final EventLoop eventLoop;

		private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

		private final ScheduledFuture<?> timer;

		private long time = System.nanoTime();

		private long cpuTime;

		private long longest;

		private long busiest;

		Heartbeat(EventLoop eventLoop) {
			this.eventLoop = eventLoop;
			this.timer = eventLoop.scheduleAtFixedRate(this::beat, 0, 10, TimeUnit.MILLISECONDS);
		}

		private void beat() {
			long time = System.nanoTime();
			long cpuTime = this.threads.getCurrentThreadCpuTime();
			this.longest = Math.max(this.longest, time - this.time);
			this.busiest = Math.max(this.busiest, (this.cpuTime != 0) ? cpuTime - this.cpuTime : 0);
			this.time = time;
			this.cpuTime = cpuTime;
		}

		void stop() throws Exception {
			this.eventLoop.submit(() -> this.timer.cancel(false)).get(10, TimeUnit.SECONDS);
		}

		/**
		 * Return the longest time between two beats, which also depends on what else the
		 * machine does.
		 */
		Duration longest() {
			return Duration.ofNanos(this.longest);
		}

		/**
		 * Return the most CPU time that the event loop has spent between two beats.
		 */
		Duration busiest() {
			return Duration.ofNanos(this.busiest);
		}

	}

	/**
	 * Heap that connections take, by class, as the virtual machine counts it.
	 */
	private record Memory(Map<String, Long> bytes) {

		private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(\\S+).*");

		/**
		 * Our classes, and those of what they own, but for the tables of maps: the codec
		 * has one for all connections too, and one more may be what doubles it.
		 */
		private static final Pattern OWN = Pattern.compile("io\\.github\\.http3spring\\.(netty|shutdown)\\..*"
				+ "|java\\.util\\.[A-Z].*|\\[(J|Ljava\\.lang\\.Object;|Ljava\\.util\\.(?!HashMap\\$).*)|io\\.netty\\.util\\.collection\\..*"
				+ "|io\\.netty\\.util\\.concurrent\\..*|io\\.netty\\.channel\\.DefaultChannelHandlerContext");

		/**
		 * Measure what idle connections take, both ends of them.
		 */
		static Memory measure(InetSocketAddress server) throws Exception {
			try (WireClient client = WireClient.create(CLIENT)) {
				// The first ones also pay for what all share
				List<WireConnection> connections = connect(client, server, HANDSHAKES);
				Map<String, Long> before = settle();
				connections.addAll(connect(client, server, MEASURED));
				Map<String, Long> after = settle();
				Map<String, Long> bytes = new HashMap<>(after);
				before.forEach((name, count) -> bytes.merge(name, -count, Long::sum));
				return new Memory(bytes);
			}
		}

		/**
		 * Count until nothing goes away any more.
		 */
		private static Map<String, Long> settle() {
			AtomicLong last = new AtomicLong(Long.MAX_VALUE);
			await().atMost(Duration.ofSeconds(20))
				.pollInterval(Duration.ofMillis(100))
				.during(Duration.ofMillis(300))
				.until(() -> {
					long total = total(count());
					return last.getAndSet(total) - total < KIBIBYTE;
				});
			return count();
		}

		private static Map<String, Long> count() {
			Map<String, Long> bytes = new HashMap<>();
			histogram().lines().map(LINE::matcher).filter((line) -> line.matches()).forEach((line) -> {
				// The names of lambdas are never the same
				String name = line.group(2).replaceAll("\\$\\$Lambda.*", "\\$\\$Lambda");
				bytes.merge(name, Long.parseLong(line.group(1)), Long::sum);
			});
			return bytes;
		}

		private static String histogram() {
			try {
				return (String) ManagementFactory.getPlatformMBeanServer()
					.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
							new Object[] { new String[0] }, new String[] { String[].class.getName() });
			}
			catch (JMException ex) {
				assumeThat(ex).as("a virtual machine that counts").isNull();
				return "";
			}
		}

		private static long total(Map<String, Long> bytes) {
			return bytes.values().stream().mapToLong(Long::longValue).sum();
		}

		long ownMinus(Memory other) {
			return minus(other, OWN);
		}

		long totalMinus(Memory other) {
			return minus(other, Pattern.compile(".*"));
		}

		private long minus(Memory other, Pattern names) {
			Map<String, Long> difference = new HashMap<>(this.bytes);
			other.bytes.forEach((name, count) -> difference.merge(name, -count, Long::sum));
			difference.keySet().removeIf((name) -> !names.matcher(name).matches());
			return total(difference) / MEASURED;
		}

	}

}
