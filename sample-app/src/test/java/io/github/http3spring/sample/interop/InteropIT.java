package io.github.http3spring.sample.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

import io.github.http3spring.sample.SampleProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each client of another stack does with the server what it can do. What a client does
 * with every build it says itself; all cases run with {@code -Dinterop.write}, which
 * writes {@code docs/interoperability.md}, and {@code -Dinterop.only=Bun} runs all cases
 * of some clients or of cases whose name contains its value.
 */
@TestInstance(Lifecycle.PER_CLASS)
class InteropIT {

	private static final Logger logger = LoggerFactory.getLogger(InteropIT.class);

	private static final boolean WRITE = System.getProperty("interop.write") != null;

	private static final String ONLY = System.getProperty("interop.only", "");

	private static final boolean ALL = WRITE || !ONLY.isEmpty();

	private static final int CONCURRENCY = 2;

	/**
	 * A handshake with loss may take longer than is usual.
	 */
	private static final String[] ARGUMENTS = { "--http3.server.ssl.early-data=true",
			"--http3.server.quic.handshake-timeout=60s" };

	@TempDir
	private Path directory;

	private final Map<InteropCase, Map<InteropClient, String>> outcomes = new EnumMap<>(InteropCase.class);

	private SampleProcess sample;

	@TestFactory
	Stream<DynamicTest> clientsDoWhatTheyCan() throws Exception {
		this.sample = SampleProcess.serve(ARGUMENTS);
		ExecutorService executor = Executors.newFixedThreadPool(CONCURRENCY);
		List<DynamicTest> tests = new ArrayList<>();
		for (InteropClient client : InteropClient.values()) {
			for (InteropCase row : InteropCase.values()) {
				if (client.impossible(row).isEmpty() && isWanted(client, row)) {
					CompletableFuture<String> outcome = CompletableFuture.supplyAsync(() -> run(client, row), executor);
					tests.add(DynamicTest.dynamicTest(client + ": " + row, () -> record(client, row, outcome.join())));
				}
			}
		}
		executor.shutdown();
		tests.add(DynamicTest.dynamicTest("docs/interoperability.md says so", this::assertDocumented));
		return tests.stream();
	}

	@AfterAll
	void stopSample() {
		this.sample.close();
	}

	private static boolean isWanted(InteropClient client, InteropCase row) {
		return (ALL || client.isUsual(row)) && (client + " " + row.name()).contains(ONLY);
	}

	private String run(InteropClient client, InteropCase row) {
		if (!client.isInstalled()) {
			return "skipped: not installed";
		}
		try (SampleProcess own = row.endsServer() ? SampleProcess.serve(ARGUMENTS) : null;
				InteropBench bench = new InteropBench(client, (own != null) ? own : this.sample, this.directory)) {
			return row.run(bench);
		}
		catch (Exception | AssertionError ex) {
			logger.error("{}: {}", client, row, ex);
			return "failed: " + String.valueOf(ex.getMessage()).replaceAll("\\s+", " ");
		}
	}

	private void record(InteropClient client, InteropCase row, String seen) {
		this.outcomes.computeIfAbsent(row, (key) -> new EnumMap<>(InteropClient.class)).put(client, seen);
		if (seen.startsWith("skipped") && !WRITE) {
			throw new TestAbortedException(seen);
		}
		assertThat(seen).doesNotStartWith("failed").doesNotStartWith("skipped");
	}

	private void assertDocumented() throws Exception {
		String table = new InteropDocument().table(this.outcomes);
		logger.info("What each client saw:\n{}", table);
		if (WRITE) {
			assertThat(table).doesNotContain("failed", "skipped", "not run");
			InteropDocument.write(table);
		}
		if (Files.isDirectory(Path.of("src", "test", "java"))) {
			InteropDocument.assertUpToDate();
		}
	}

}
