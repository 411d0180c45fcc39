package io.github.http3spring.sample;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.EventLoops;
import io.github.http3spring.wire.Http3Frames;
import io.github.http3spring.wire.QuicFrames;
import io.github.http3spring.wire.RawConnection;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireStream;
import io.netty.channel.EventLoopGroup;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The table of attacks: what they take of the memory of a process with a small heap, and
 * what a client sees meanwhile that does no harm. {@code -Dsample.jar} names the jar of
 * another version to compare with, {@code -Dattack.kinds} some of the attacks,
 * {@code -Dattack.vm.options} the options of its virtual machine.
 */
@EnabledIfSystemProperty(named = "attack.table", matches = ".*", disabledReason = "takes some minutes")
class AttackTableIT {

	private static final Logger logger = LoggerFactory.getLogger(AttackTableIT.class);

	private static final String KINDS = System.getProperty("attack.kinds", "");

	/**
	 * A small heap, and a compiler that does not take the only core from the worker, as
	 * where it has a core of its own: it wants a third of it for what is new in an
	 * attack, in slices of four milliseconds.
	 */
	private static final List<String> VM_OPTIONS = List
		.of(System.getProperty("attack.vm.options", "-Xmx256m -XX:ThreadPriorityPolicy=1 -XX:CompilerThreadPriority=19")
			.split(" "));

	private static final int CONNECTIONS = Integer.getInteger("attack.connections", 200);

	/**
	 * Size of the heap and half of what a kernel lets go of it at the worst.
	 */
	private static final long MAX_MEMORY = 1024;

	/**
	 * Time of each kind of ordinary load for a server that has just been started, which
	 * gets faster.
	 */
	private static final Duration WARM_UP = Duration.ofSeconds(8);

	/**
	 * Long enough for more than a handful of requests above the 99th percentile.
	 */
	private static final Duration CALM = Duration.ofSeconds(10);

	private static final Duration STORM = Duration.ofSeconds(Integer.getInteger("attack.seconds", 30));

	private static final long ENDLESS = 1L << 40;

	private static final String ENDLESS_DOWNLOAD = "/bytes/1000000000";

	/**
	 * Bytes that make a congestion window grow to as much, or so.
	 */
	private static final long GROWTH = Long.getLong("attack.growth", 8 << 20);

	private static final int GAPS = 120;

	private static final int PACKET = 1100;

	private static final WireOptions CROWD = WireOptions.defaults().withRecordStreamEvents(false).withBodyLimit(5);

	private static final byte[] PINGS = new byte[PACKET];

	static {
		Arrays.fill(PINGS, QuicFrames.PING[0]);
	}

	/**
	 * A real server does not share its cores with those who attack it. Before any is
	 * started, so that each takes itself to have one core and has one worker.
	 */
	@BeforeAll
	static void leaveTheFirstCoreToServers() throws Exception {
		SampleProcess.confine(ProcessHandle.current().pid(), 1);
	}

	@ParameterizedTest
	@EnumSource
	void attackTakesNeitherTheMemoryNorTheTimeOfOthers(Attack attack) throws Exception {
		if (!KINDS.isEmpty() && !List.of(KINDS.split(",")).contains(attack.name())) {
			return;
		}
		EventLoopGroup eventLoops = EventLoops.create(1, "attacker");
		List<RawConnection> attackers = new ArrayList<>();
		try (SampleProcess sample = SampleProcess.serveWithOptions(VM_OPTIONS);
				UdpProxy proxy = UdpProxy.to(sample.udpAddress());
				WireClient clients = WireClient.create();
				WireClient crowd = WireClient.create(CROWD);
				WireClient starvedCrowd = WireClient.create(CROWD.withWindows(64 << 10, 16 << 10))) {
			SampleProcess.confine(sample.pid(), 0);
			warmUp(sample);
			WireConnection good = get(clients.connect(sample.udpAddress()));
			Latency calm = Latency.of(good, sample, CALM, () -> {
			});
			attack.begin(new Attackers(sample.udpAddress(), proxy, eventLoops, attackers, crowd, starvedCrowd));
			// The first one may have been idle for too long
			WireConnection victim = get(clients.connect(sample.udpAddress()));
			Latency storm = Latency.of(victim, sample, STORM, attack.step(attackers));
			long closed = attackers.stream().filter((attacker) -> attacker.closed().isDone()).count();
			logger.info("| {} | {}, {} ms | {}, {} ms | {} MB | {} % | {} |", attack.description, calm.millis(50),
					calm.millis(99), storm.millis(50), storm.millis(99), storm.memory, storm.processor,
					attackers.isEmpty() ? "" : closed + " of " + attackers.size());
			assertThat(storm.memory < MAX_MEMORY || SampleProcess.isOfAnotherVersion()).as("%d MB", storm.memory)
				.isTrue();
		}
		finally {
			attackers.forEach(RawConnection::close);
			eventLoops.shutdownGracefully(0, 5, TimeUnit.SECONDS);
		}
	}

	private static void warmUp(SampleProcess sample) throws Exception {
		for (Attack kind : List.of(Attack.ORDINARY_REQUESTS, Attack.ORDINARY_UPLOADS, Attack.ORDINARY_DOWNLOADS)) {
			try (WireClient crowd = WireClient.create(CROWD)) {
				kind.begin(new Attackers(sample.udpAddress(), null, null, List.of(), crowd, crowd));
				TimeUnit.MILLISECONDS.sleep(WARM_UP.toMillis());
			}
		}
	}

	private static <T> T get(CompletableFuture<T> future) throws Exception {
		return future.get(60, TimeUnit.SECONDS);
	}

	/**
	 * What attackers have.
	 */
	private record Attackers(InetSocketAddress server, UdpProxy proxy, EventLoopGroup eventLoops,
			List<RawConnection> connections, WireClient crowd, WireClient starvedCrowd) {

		void connect(int count, long window) throws Exception {
			for (int number = 0; number < count; number++) {
				this.connections.add(RawConnection.connect(this.server, this.eventLoops.next(), window));
			}
		}

		/**
		 * Take something on each connection, and acknowledge nothing from then on. Some
		 * at once: each takes a while for its window to grow.
		 */
		void connectAndTake(int count, long bytes) throws Exception {
			// Windows grow with the round-trip time
			this.proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(50), Duration.ZERO);
			ExecutorService threads = Executors.newFixedThreadPool(8);
			List<Future<RawConnection>> attempts = threads.invokeAll(Collections.nCopies(count, () -> RawConnection
				.connectAndTake(this.proxy.address(), this.eventLoops.next(), ENDLESS, ENDLESS_DOWNLOAD, bytes)));
			threads.shutdown();
			for (Future<RawConnection> attempt : attempts) {
				this.connections.add(attempt.get());
			}
		}

		/**
		 * Return the same with a crowd of small windows.
		 */
		Attackers starved() {
			return new Attackers(this.server, this.proxy, this.eventLoops, this.connections, this.starvedCrowd,
					this.starvedCrowd);
		}

		/**
		 * Keep 100 requests open on each of a few connections.
		 */
		void repeat(Function<WireConnection, WireStream> request) throws Exception {
			for (int number = 0; number < 4; number++) {
				WireConnection connection = AttackTableIT.get(this.crowd.connect(this.server));
				for (int open = 0; open < 100; open++) {
					repeat(connection, request);
				}
			}
		}

		private static void repeat(WireConnection connection, Function<WireConnection, WireStream> request) {
			request.apply(connection).response().thenRun(() -> repeat(connection, request));
		}

	}

	/**
	 * What is done to the server.
	 */
	private enum Attack {

		GAPS_ON_ONE("one connection sends content in parts of one byte with gaps", 1, PACKET) {

			@Override
			Runnable step(List<RawConnection> attackers) {
				return sendGaps(attackers, 40);
			}

		},

		GAPS_ON_MANY("many connections send content in parts of one byte with gaps", CONNECTIONS, PACKET) {

			@Override
			Runnable step(List<RawConnection> attackers) {
				return sendGaps(attackers, 1);
			}

		},

		UNREAD_UPLOADS("many connections send content that no handler reads", CONNECTIONS, PACKET) {

			@Override
			Runnable step(List<RawConnection> attackers) {
				byte[] headers = Http3Frames.concat(Http3Frames.headers("POST", "localhost", "/echo", Map.of()),
						Http3Frames.frameHeader(Http3Frames.DATA, 1 << 30));
				byte[] content = new byte[PACKET];
				int[] round = { 0 };
				return () -> {
					int packet = round[0]++;
					for (RawConnection attacker : attackers) {
						long stream = 4L * (packet % 100);
						long part = packet / 100;
						byte[] frame = (part == 0) ? QuicFrames.stream(stream, 0, headers, false)
								: QuicFrames.stream(stream, headers.length + PACKET * (part - 1), content, false);
						attacker.send(frame);
					}
					sendAll(attackers, QuicFrames.PING);
				};
			}

		},

		UNACKNOWLEDGED_DOWNLOADS("many connections ask for 60 downloads and acknowledge nothing", CONNECTIONS,
				ENDLESS) {

			@Override
			Runnable step(List<RawConnection> attackers) {
				return sendDownloads(attackers, 0, 60);
			}

		},

		GROWN_WINDOWS("many connections take 8 MB each, and then acknowledge nothing and ask for more") {

			@Override
			void begin(Attackers attackers) throws Exception {
				attackers.connectAndTake(CONNECTIONS, GROWTH);
			}

			@Override
			Runnable step(List<RawConnection> attackers) {
				// The first request was that for what has been taken
				return sendDownloads(attackers, 1, 10);
			}

		},

		PINGS_ON_ONE("one connection sends packets full of PING", 1, PACKET) {

			@Override
			Runnable step(List<RawConnection> attackers) {
				return () -> {
					for (int packet = 0; packet < 40; packet++) {
						sendAll(attackers, PINGS);
					}
				};
			}

		},

		PINGS_ON_MANY("many connections send packets of one PING and acknowledge nothing", CONNECTIONS, PACKET) {

			@Override
			Runnable step(List<RawConnection> attackers) {
				return () -> sendAll(attackers, QuicFrames.PING);
			}

		},

		REQUESTS_ON_MANY("many connections have 100 slow requests open each, and begin them together", CONNECTIONS,
				ENDLESS) {

			@Override
			Runnable step(List<RawConnection> attackers) {
				byte[] request = Http3Frames.headers("GET", "localhost", "/slow", Map.of());
				int[] next = { 0 };
				return () -> {
					ByteArrayOutputStream frames = new ByteArrayOutputStream();
					for (int count = 0; count < 20 && next[0] < 100; count++, next[0]++) {
						frames.writeBytes(QuicFrames.stream(4L * next[0], 0, request, true));
					}
					sendAll(attackers, (frames.size() > 0) ? frames.toByteArray() : QuicFrames.PING);
				};
			}

		},

		ORDINARY_REQUESTS("4 connections have 100 ordinary requests open each, all the time") {

			@Override
			void begin(Attackers attackers) throws Exception {
				attackers.repeat((connection) -> connection.get("/hello"));
			}

		},

		ORDINARY_UPLOADS("4 connections have 100 uploads of 10 kB open each, all the time") {

			@Override
			void begin(Attackers attackers) throws Exception {
				attackers.repeat((connection) -> connection.post("/count", 10_000));
			}

		},

		ORDINARY_DOWNLOADS("4 connections have 100 downloads of 100 kB open each, all the time") {

			@Override
			void begin(Attackers attackers) throws Exception {
				attackers.repeat((connection) -> connection.get("/bytes/100000"));
			}

		},

		STARVED_DOWNLOADS("4 connections have 100 downloads of 100 kB open each, with windows of 16 and 64 kB") {

			@Override
			void begin(Attackers attackers) throws Exception {
				attackers.starved().repeat((connection) -> connection.get("/bytes/100000"));
			}

		};

		private final String description;

		private final int connections;

		private final long window;

		Attack(String description) {
			this(description, 0, 0);
		}

		/**
		 * Create an attack over connections that acknowledge nothing.
		 */
		Attack(String description, int connections, long window) {
			this.description = description;
			this.connections = connections;
			this.window = window;
		}

		void begin(Attackers attackers) throws Exception {
			attackers.connect(this.connections, this.window);
		}

		/**
		 * Return what is done every few milliseconds.
		 */
		Runnable step(List<RawConnection> attackers) {
			return () -> {
			};
		}

		private static Runnable sendGaps(List<RawConnection> attackers, int packets) {
			int[] round = { 0 };
			return () -> {
				for (int packet = 0; packet < packets; packet++) {
					int number = round[0]++;
					long stream = 4L * (number % 100);
					byte[] frames = gaps(stream, 1 + number / 100 * 2L * GAPS);
					sendAll(attackers, frames);
				}
			};
		}

		/**
		 * Ask for a download each time, and only send PINGs after the last one.
		 */
		private static Runnable sendDownloads(List<RawConnection> attackers, int first, int end) {
			byte[] request = Http3Frames.headers("GET", "localhost", ENDLESS_DOWNLOAD, Map.of());
			int[] next = { first };
			return () -> {
				int number = next[0]++;
				sendAll(attackers, (number < end) ? QuicFrames.stream(4L * number, 0, request, true) : QuicFrames.PING);
			};
		}

		/**
		 * Send a packet on each connection, and wait until all are sent.
		 */
		private static void sendAll(List<RawConnection> attackers, byte[] frames) {
			CompletableFuture
				.allOf(attackers.stream().map((attacker) -> attacker.send(frames)).toArray(CompletableFuture<?>[]::new))
				.join();
		}

		private static byte[] gaps(long stream, long offset) {
			ByteArrayOutputStream frames = new ByteArrayOutputStream();
			for (int number = 0; number < GAPS; number++) {
				frames.writeBytes(QuicFrames.stream(stream, offset + 2L * number, new byte[1], false));
			}
			return frames.toByteArray();
		}

	}

	/**
	 * How long requests take that are sent one after the other, and the most memory that
	 * the process has meanwhile.
	 */
	private static final class Latency {

		private final List<Long> nanos = new ArrayList<>();

		private long memory;

		/**
		 * Of one core, in percent.
		 */
		private long processor;

		static Latency of(WireConnection connection, SampleProcess sample, Duration duration, Runnable step)
				throws Exception {
			Latency latency = new Latency();
			long processor = sample.cpuTime().toMillis();
			long end = System.nanoTime() + duration.toNanos();
			Thread storm = new Thread(() -> {
				while (System.nanoTime() < end) {
					step.run();
					pause(5);
				}
			});
			storm.start();
			while (System.nanoTime() < end) {
				long start = System.nanoTime();
				get(connection.get("/hello").response());
				latency.nanos.add(System.nanoTime() - start);
				latency.look(sample);
				pause(10);
			}
			storm.join();
			latency.processor = (sample.cpuTime().toMillis() - processor) * 100 / duration.toMillis();
			return latency;
		}

		private void look(SampleProcess sample) throws IOException {
			this.memory = Math.max(this.memory, sample.memory());
		}

		private static void pause(long millis) {
			try {
				Thread.sleep(millis);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		String millis(int percentile) {
			long[] sorted = this.nanos.stream().mapToLong(Long::longValue).sorted().toArray();
			return "%.1f".formatted(sorted[sorted.length * percentile / 100] / 1e6);
		}

	}

}
