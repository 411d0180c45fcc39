package io.github.http3spring.sample;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients of other stacks that are reading when the server stops, each at its pace: each
 * gets its response whole, and a fast one is not waited for.
 */
@EnabledIf(value = "io.github.http3spring.sample.IndependentClients#isAnyThereOrExpected",
		disabledReason = "neither quic-go nor Deno is installed")
class PacedReaderIT {

	@TempDir
	private Path directory;

	@Test
	void responsesAreReadToTheirEndAtAnyPace() throws Exception {
		try (SampleProcess sample = SampleProcess.serve();
				UdpProxy lossy = UdpProxy.to(new InetSocketAddress("127.0.0.1", sample.udpPort()))) {
			for (Direction direction : Direction.values()) {
				lossy.drop(direction, 0.05);
			}
			Map<Path, Process> readers = new LinkedHashMap<>();
			for (IndependentClients client : IndependentClients.installed().toList()) {
				for (Reader reader : Reader.ALL) {
					Path log = this.directory.resolve(client + "-" + reader);
					int port = reader.loss() ? lossy.address().getPort() : sample.udpPort();
					readers.put(log, client.read(port, "/bytes/" + reader.size(), reader.bytesPerSecond(),
							reader.pauseAfter(), reader.pauseMillis(), log));
				}
			}
			try {
				for (Path log : readers.keySet()) {
					await().atMost(SampleProcess.TIMEOUT)
						.until(() -> Files.readString(log).contains("response has begun"));
				}
				sample.terminate();
				assertThat(sample.awaitExit(Duration.ofSeconds(35))).isEqualTo(143);
				for (Map.Entry<Path, Process> reader : readers.entrySet()) {
					assertThat(reader.getValue().waitFor(30, TimeUnit.SECONDS)).isTrue();
				}
				List<String> results = new ArrayList<>();
				List<String> expected = new ArrayList<>();
				for (Path log : readers.keySet()) {
					String name = log.getFileName().toString();
					String size = name.substring(name.indexOf('-') + 1, name.indexOf("B"));
					expected.add(name + ": read " + size);
					results.add(name + ": " + lastRead(log));
				}
				assertThat(results).containsExactlyElementsOf(expected);
				assertThat(sample.log()).contains("HTTP/3 shutdown complete");
			}
			finally {
				readers.values().forEach(Process::destroyForcibly);
			}
		}
	}

	@Test
	void clientThatHasReadFastIsNotWaitedFor() throws Exception {
		try (SampleProcess sample = SampleProcess.serve()) {
			Path log = this.directory.resolve("fast");
			IndependentClients client = IndependentClients.installed().findFirst().orElseThrow();
			Process reader = client.read(sample.udpPort(), "/bytes/8388608", 0, 0, 0, log);
			try {
				assertThat(reader.waitFor(30, TimeUnit.SECONDS)).isTrue();
				assertThat(lastRead(log)).isEqualTo("read 8388608");
				long start = System.nanoTime();
				sample.terminate();
				sample.awaitExit(Duration.ofSeconds(30));
				assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
			}
			finally {
				reader.destroyForcibly();
			}
		}
	}

	private static String lastRead(Path log) throws Exception {
		try (Stream<String> lines = Files.lines(log)) {
			return lines.filter((line) -> line.startsWith("read ")).findFirst().orElse("nothing");
		}
	}

	/**
	 * How to read.
	 */
	private record Reader(int size, int bytesPerSecond, int pauseAfter, int pauseMillis, boolean loss) {

		static final List<Reader> ALL = List.of(new Reader(4_000_000, 600_000, 100_000, 3000, false),
				new Reader(3_000_000, 300_000, 0, 0, true));

		@Override
		public String toString() {
			return this.size + "B-" + this.bytesPerSecond + "-" + this.pauseMillis + (this.loss ? "-loss" : "");
		}

	}

}
