package io.github.http3spring.sample;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients of other stacks that are reading when the server stops, each at its pace: each
 * gets its response whole, and a fast one is not waited for.
 * <p>
 * {@code -Dreaders.table} prints the table of all paces, or of those whose row contains
 * its value, and {@code -Dreaders.fast=60} stops the server in as many fast downloads.
 */
class PacedReaderIT {

	private static final Logger logger = LoggerFactory.getLogger(PacedReaderIT.class);

	private static final int FAST_SIZE = 8 << 20;

	@TempDir
	private Path directory;

	@Test
	void responsesAreReadToTheirEndAtAnyPace() throws Exception {
		List<PacedRead> reads = List.of(new PacedRead(4_000_000, 600_000, 100_000, 3000, 0),
				new PacedRead(3_000_000, 300_000, 0, 0, 0.05));
		List<IndependentClients> clients = IndependentClients.installed()
			.filter((client) -> reads.stream().allMatch(client::showsItsPace))
			.toList();
		Stopped stopped = stopWhileReading(clients, reads);
		assertThat(stopped.results().values()).allMatch("whole"::equals, stopped.results().toString());
	}

	@Test
	void clientThatHasReadFastIsNotWaitedFor() throws Exception {
		try (SampleProcess sample = SampleProcess.serve();
				PacedReader reader = PacedReader.start(IndependentClients.installed().findFirst().orElseThrow(),
						sample.udpPort(), PacedRead.atFullSpeed(FAST_SIZE, 0), this.directory)) {
			assertThat(reader.awaitResult()).isEqualTo("whole");
			long start = System.nanoTime();
			sample.terminate();
			sample.awaitExit(Duration.ofSeconds(30));
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
		}
	}

	@Test
	@EnabledIfSystemProperty(named = "readers.table", matches = ".*", disabledReason = "takes minutes")
	void responsesAreReadToTheirEndAtEveryPaceOfTheTable() throws Exception {
		List<IndependentClients> clients = IndependentClients.installed().toList();
		List<String> cut = new ArrayList<>();
		logger.info("| pace | pause | loss | {} | process ends after |", join(clients.stream()));
		for (PacedRead read : PacedRead.table().filter((row) -> isWanted("readers.table", row.toString())).toList()) {
			Stopped stopped = stopWhileReading(clients, List.of(read));
			logger.info("| {} | {} | {} |", read, join(stopped.results().values().stream()),
					seconds(stopped.duration()));
			clients.stream()
				.filter((client) -> client.showsItsPace(read) && !stopped.isWhole(client, read))
				.forEach((client) -> cut.add(name(client, read)));
		}
		assertThat(cut).isEmpty();
	}

	@Test
	@EnabledIfSystemProperty(named = "readers.fast", matches = "\\d+", disabledReason = "takes minutes")
	void fastDownloadsThatTheStopOfTheServerMeetsAreWhole() throws Exception {
		List<IndependentClients> clients = IndependentClients.installed().toList();
		int count = Integer.getInteger("readers.fast");
		Map<String, List<Stopped>> runs = new LinkedHashMap<>();
		for (int number = 0; number < count; number++) {
			IndependentClients client = clients.get(number % clients.size());
			Stopped stopped = stopWhileReading(List.of(client), List.of(PacedRead.atFullSpeed(FAST_SIZE, 0)));
			logger.info("Run {} of {}: {}, {}", number + 1, count, stopped.results(), seconds(stopped.duration()));
			runs.computeIfAbsent(client.toString(), (name) -> new ArrayList<>()).add(stopped);
		}
		runs.forEach((client, stops) -> logger.info("| {} | {} of {} | {} | {} to {} |", client,
				stops.stream().filter(Stopped::isWhole).count(), stops.size(),
				stops.stream().filter(Stopped::wasUnderWay).count(),
				seconds(stops.stream().map(Stopped::duration).min(Duration::compareTo).orElseThrow()),
				seconds(stops.stream().map(Stopped::duration).max(Duration::compareTo).orElseThrow())));
		assertThat(runs.values().stream().flatMap(List::stream)).hasSize(count).allMatch(Stopped::isWhole);
	}

	/**
	 * Stop a server while each client reads in each of the ways.
	 */
	private Stopped stopWhileReading(List<IndependentClients> clients, List<PacedRead> reads) throws Exception {
		Map<String, PacedReader> readers = new LinkedHashMap<>();
		try (SampleProcess sample = SampleProcess.serve();
				UdpProxy lossy = UdpProxy.to(new InetSocketAddress("127.0.0.1", sample.udpPort()))) {
			for (PacedRead read : reads) {
				int port = sample.udpPort();
				if (read.loss() > 0) {
					port = lossy.address().getPort();
					Stream.of(Direction.values()).forEach((direction) -> lossy.drop(direction, read.loss()));
				}
				for (IndependentClients client : clients) {
					readers.put(name(client, read), PacedReader.start(client, port, read, this.directory));
				}
			}
			readers.values().forEach(PacedReader::awaitBegin);
			long start = System.nanoTime();
			sample.terminate();
			assertThat(sample.awaitExit(Duration.ofSeconds(35))).isEqualTo(143);
			Duration duration = Duration.ofNanos(System.nanoTime() - start);
			Map<String, String> results = new LinkedHashMap<>();
			for (Map.Entry<String, PacedReader> reader : readers.entrySet()) {
				results.put(reader.getKey(), reader.getValue().awaitResult());
			}
			assertThat(sample.log()).contains("HTTP/3 shutdown complete");
			return new Stopped(results, duration, !sample.log().contains("requests 0 completed"));
		}
		finally {
			readers.values().forEach(PacedReader::close);
		}
	}

	/**
	 * Return whether a property asks for a row: its value is part of it, or {@code true},
	 * as Maven has it without a value.
	 */
	static boolean isWanted(String property, String row) {
		String value = System.getProperty(property);
		return "true".equals(value) || row.contains(value);
	}

	private static String name(IndependentClients client, PacedRead read) {
		return client + " | " + read;
	}

	private static String join(Stream<?> cells) {
		return cells.map(String::valueOf).collect(Collectors.joining(" | "));
	}

	private static String seconds(Duration duration) {
		return "%.1f s".formatted(duration.toMillis() / 1000.0);
	}

	/**
	 * What came of a stop.
	 *
	 * @param results what each client has read
	 * @param duration the time until the process had ended
	 * @param wasUnderWay whether the server was sending a response when it was told
	 */
	private record Stopped(Map<String, String> results, Duration duration, boolean wasUnderWay) {

		boolean isWhole(IndependentClients client, PacedRead read) {
			return "whole".equals(this.results.get(name(client, read)));
		}

		boolean isWhole() {
			return this.results.values().stream().allMatch("whole"::equals);
		}

	}

}
