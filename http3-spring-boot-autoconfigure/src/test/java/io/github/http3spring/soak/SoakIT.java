package io.github.http3spring.soak;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a server which runs for long under a mixed load, with clients that leave at
 * every stage, holds no more at the end than at the beginning. A few seconds of it by
 * default, which tell of what is not given back at once; {@code -Dsoak.minutes=30} tells
 * of what grows, and draws it to {@code target/soak/soak.svg}.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
class SoakIT {

	private static final Logger logger = LoggerFactory.getLogger(SoakIT.class);

	private static final int MINUTES = Integer.getInteger("soak.minutes", 0);

	private static final int PER_SECOND = Integer.getInteger("soak.rate", 10);

	private static final int ROUNDS = Math.max(1, MINUTES);

	private static final Duration ROUND = (MINUTES > 0) ? Duration.ofSeconds(45) : Duration.ofSeconds(2);

	private static final Duration INTERVAL = Duration.ofSeconds(5);

	/**
	 * Longer than a server keeps a connection whose client has vanished.
	 */
	private static final Duration CALM = Duration.ofMinutes(3);

	private static final long MIB = 1 << 20;

	private final List<Sample> samples = Collections.synchronizedList(new ArrayList<>());

	private final List<Sample> calm = new ArrayList<>();

	@Test
	void serverHoldsNoMoreAfterLongThanAtFirst() throws Exception {
		Path directory = Files.createDirectories(Path.of("target", "soak"));
		try (ServerProcess server = new ServerProcess(directory.resolve("server.log"));
				Visitors visitors = new Visitors(server.address(), PER_SECOND)) {
			Sample fresh = server.sample();
			try {
				for (int round = 0; round < ROUNDS; round++) {
					CompletableFuture<Void> watch = watch(server, ROUND);
					visitors.visit(ROUND);
					watch.get(60, TimeUnit.SECONDS);
					this.calm.add(calm(server, fresh.timers()));
				}
			}
			finally {
				report(visitors, directory);
			}
			assertThat(visitors.failures()).isEmpty();
			assertThat(visitors.timeouts()).isLessThan(visitors.count() / 4);
			assertThat(visitors.longest()).containsOnlyKeys(Visit.values());
			check(fresh);
		}
	}

	private CompletableFuture<Void> watch(ServerProcess server, Duration time) {
		return CompletableFuture.runAsync(() -> {
			for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() < end;) {
				this.samples.add(server.sample());
				pause(INTERVAL);
			}
		});
	}

	/**
	 * Wait until all clients are forgotten.
	 */
	private static Sample calm(ServerProcess server, long timers) {
		long end = System.nanoTime() + CALM.toNanos();
		Sample sample = server.sample();
		while ((sample.connections() > 0 || sample.timers() > timers) && System.nanoTime() < end) {
			pause(Duration.ofMillis(500));
			sample = server.sample();
		}
		assertThat(sample.connections()).as("connections").isZero();
		assertThat(sample.requests()).as("requests").isZero();
		assertThat(sample.subscriptions()).as("subscriptions").isZero();
		assertThat(sample.timers()).as("timers").isLessThanOrEqualTo(timers);
		assertThat(sample.problems()).as("lines in the log").isZero();
		return sample;
	}

	private static void pause(Duration pause) {
		try {
			Thread.sleep(pause.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void report(Visitors visitors, Path directory) throws IOException {
		visitors.failures().forEach((failure) -> logger.warn("Failed: {}", failure));
		logger.info("{} visits, {} of them to a connection that was retired, {} took too long, {} failed",
				visitors.count(), visitors.refused(), visitors.timeouts(), visitors.failures().size());
		logger.info("Longest in ms: {}", new TreeMap<>(visitors.longest()));
		this.calm.forEach((sample) -> logger.info("Calm: {}", sample.format()));
		Chart chart = new Chart("%d visits in %d minutes".formatted(visitors.count(), MINUTES), MINUTES)
			.plot("heap after a collection (MiB)", "#1f77b4", values((sample) -> sample.heap(), MIB))
			.plot("RSS (MiB)", "#d62728", values((sample) -> sample.resident(), MIB))
			.plot("open connections", "#9467bd", values((sample) -> sample.connections(), 1))
			.plot("open requests", "#2ca02c", values((sample) -> sample.requests(), 1));
		Files.writeString(directory.resolve("soak.svg"), chart.toSvg());
	}

	private List<Double> values(ToLongFunction<Sample> value, long unit) {
		return this.samples.stream().map((sample) -> (double) value.applyAsLong(sample) / unit).toList();
	}

	private void check(Sample fresh) {
		Sample last = this.calm.get(this.calm.size() - 1);
		assertThat(last.descriptors()).as("descriptors").isLessThanOrEqualTo(fresh.descriptors());
		// Pools that are shared by the whole JVM may still grow a little
		assertThat(last.threads()).as("threads").isLessThanOrEqualTo(fresh.threads() + 8);
		if (this.calm.size() >= Growth.MIN_VALUES) {
			assertThat(growth(Sample::heap)).as("heap").returns(false, (growth) -> growth.exceeds(1.1, 2 * MIB));
			assertThat(growth(Sample::resident)).as("RSS").returns(false, (growth) -> growth.exceeds(1.05, 8 * MIB));
			assertThat(growth(Sample::direct)).as("direct memory")
				.returns(false, (growth) -> growth.exceeds(1.1, 4 * MIB));
		}
	}

	private Growth growth(ToLongFunction<Sample> value) {
		return Growth.of(this.calm.stream().map(value::applyAsLong).toList());
	}

	/**
	 * The process of a {@link SoakServer}.
	 */
	private static final class ServerProcess implements AutoCloseable {

		private final Process process;

		private final PrintWriter log;

		private final BufferedReader output;

		private final PrintWriter input;

		private final int port;

		ServerProcess(Path log) throws IOException {
			// All of the heap is taken at once, so that what grows is not the heap
			this.process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
					"-XX:MaxDirectMemorySize=128m", "-Dio.netty.leakDetection.level=paranoid", "-cp",
					System.getProperty("java.class.path"), SoakServer.class.getName())
				.redirectErrorStream(true)
				.start();
			this.log = new PrintWriter(Files.newBufferedWriter(log), true);
			this.output = this.process.inputReader(StandardCharsets.UTF_8);
			this.input = new PrintWriter(this.process.outputWriter(StandardCharsets.UTF_8), true);
			this.port = Integer.parseInt(read((line) -> line.matches("\\d+")));
		}

		InetSocketAddress address() {
			return new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port);
		}

		synchronized Sample sample() {
			this.input.println();
			return Sample.parse(read(Sample::is));
		}

		private String read(Predicate<String> wanted) {
			try {
				for (String line = this.output.readLine(); line != null; line = this.output.readLine()) {
					if (wanted.test(line)) {
						return line;
					}
					this.log.println(line);
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			throw new IllegalStateException("The server has ended");
		}

		/**
		 * Let the server shut down, for which it has a reason to end with an error.
		 */
		@Override
		public void close() throws IOException {
			try {
				this.input.close();
				for (String line = this.output.readLine(); line != null; line = this.output.readLine()) {
					this.log.println(line);
				}
				assertThat(this.process.onExit().orTimeout(60, TimeUnit.SECONDS).join().exitValue()).isZero();
			}
			finally {
				this.process.destroyForcibly();
				this.log.close();
			}
		}

	}

}
