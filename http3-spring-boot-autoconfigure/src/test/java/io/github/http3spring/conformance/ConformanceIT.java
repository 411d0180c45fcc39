package io.github.http3spring.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.http3spring.netty.TestServer;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The server does what RFCs demand of it, each case on a connection of its own, several
 * at a time. What it did is the table in {@code docs/conformance.md}, which
 * {@code -Dconformance.write} writes.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ConformanceIT {

	private static final int CONCURRENCY = 16;

	private static final List<ConformanceCases> ALL = List.of(new FrameCases(), new ControlStreamCases(),
			new FieldCases(), new QpackCases(), new SemanticsCases(), new PriorityCases(), new ExtensionCases(),
			new TransportCases());

	@AutoClose
	private final TestServer server = TestServer.start((options) -> options.handler(new ConformanceHandler()));

	@AutoClose
	private final WireClient client = WireClient.create(options());

	@AutoClose
	private final WireClient bareClient = WireClient.create(options().withControlStream(false));

	private final Map<ConformanceCase, CompletableFuture<Outcome>> outcomes = new LinkedHashMap<>();

	private static WireOptions options() {
		return WireOptions.defaults().withConnectionsPerSocket(CONCURRENCY);
	}

	@TestFactory
	Stream<DynamicNode> requirements() {
		ExecutorService executor = Executors.newFixedThreadPool(CONCURRENCY);
		cases().forEach((row) -> this.outcomes.put(row, CompletableFuture.supplyAsync(outcomeOf(row), executor)));
		executor.shutdown();
		List<DynamicNode> tests = new ArrayList<>();
		this.outcomes.forEach((row, outcome) -> tests
			.add(DynamicTest.dynamicTest(row.toString(), () -> assertMet(row, outcome.join()))));
		if (ConformanceDocument.isWrittenHere()) {
			tests.add(DynamicTest.dynamicTest("docs/conformance.md says so", this::assertDocumented));
		}
		return tests.stream();
	}

	private static Stream<ConformanceCase> cases() {
		return ALL.stream().flatMap((cases) -> cases.cases().stream());
	}

	private Supplier<Outcome> outcomeOf(ConformanceCase row) {
		return () -> {
			WireClient client = row.ownControlStream() ? this.bareClient : this.client;
			try (WireConnection connection = get(client.connect(this.server.address()))) {
				return row.probe().run(new ConformancePeer(connection));
			}
			catch (Exception ex) {
				return new Outcome(ex.toString(), null);
			}
		};
	}

	private static void assertMet(ConformanceCase row, Outcome outcome) {
		Expectation expectation = row.expectation();
		if (expectation.known() == null) {
			assertThat(expectation.allows(outcome)).as("expected %s, but: %s", expectation, outcome).isTrue();
		}
		else {
			assertThat(outcome).as("argued, expected %s", expectation)
				.matches((seen) -> seen.is(expectation.known()), expectation.known().toString());
		}
	}

	private void assertDocumented() throws Exception {
		Map<ConformanceCase, Outcome> seen = new LinkedHashMap<>();
		this.outcomes.forEach((row, outcome) -> seen.put(row, outcome.join()));
		List<Reference> references = ALL.stream().flatMap((cases) -> cases.references().stream()).toList();
		assertThat(references).allSatisfy(ConformanceDocument::assertExists);
		ConformanceDocument.assertUpToDate(seen, references);
	}

}
