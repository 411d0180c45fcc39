package io.github.http3spring.sample.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The table of what each client saw, {@code docs/interoperability.md}.
 */
final class InteropDocument {

	private static final Path DOCUMENT = Path.of("..", "docs", "interoperability.md");

	private final List<String> reasons = new ArrayList<>();

	/**
	 * Return the table.
	 * @param outcomes what was seen
	 */
	String table(Map<InteropCase, Map<InteropClient, String>> outcomes) {
		List<InteropClient> clients = List.of(InteropClient.values());
		String head = row("", clients.stream().map((client) -> client + ", " + client.stack()))
				+ row("---", clients.stream().map((client) -> "---"));
		String rows = outcomes.entrySet()
			.stream()
			.map((outcome) -> row(outcome.getKey().toString(),
					clients.stream().map((client) -> cell(client, outcome.getKey(), outcome.getValue().get(client)))))
			.collect(Collectors.joining());
		String footnotes = this.reasons.stream()
			.map((reason) -> "%d. %s%n".formatted(this.reasons.indexOf(reason) + 1, reason))
			.collect(Collectors.joining());
		return head + rows + "\n" + footnotes;
	}

	private String cell(InteropClient client, InteropCase row, String seen) {
		return client.impossible(row)
			.map((reason) -> "no (" + number(client + ": " + reason) + ")")
			.orElse((seen != null) ? seen : "not run");
	}

	private int number(String reason) {
		if (!this.reasons.contains(reason)) {
			this.reasons.add(reason);
		}
		return this.reasons.indexOf(reason) + 1;
	}

	private static String row(String first, Stream<String> cells) {
		return Stream.concat(Stream.of(first), cells).collect(Collectors.joining(" | ", "| ", " |\n"));
	}

	private static String versions() throws Exception {
		List<String> versions = new ArrayList<>();
		for (InteropClient client : InteropClient.values()) {
			versions.add(client + " " + ClientVersions.of(client));
		}
		return String.join(", ", versions);
	}

	static void write(String table) throws Exception {
		Files.writeString(DOCUMENT,
				"""
						# Interoperability

						What clients of other stacks do with the server of the sample, and what was seen on %s. Each runs over a proxy, so that what
						counts is what was on the wire, and not what a client says of itself: a session is resumed when the server's part of the
						handshake is less than half as long, early data is accepted when the response has left before the end of the handshake
						has arrived, and a connection has moved when a response ends over another port than it began. A handshake has a minute,
						on the server and on the clients that can be told so.

						The clients: %s.

						%s
						`InteropIT` runs the short cases with every build, for Jetty and Vert.x long ones as well, and skips clients that are not
						installed with that reason. All cases, and this document, which fails without one of the clients:

						```bash
						mvn -B -ntp -q -f sample-app/src/test/clients/java compile
						mvn -B -ntp verify -pl sample-app -am -Dtest=none -Dit.test=InteropIT -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false -Dinterop.write
						```

						`.ci/run` installs the clients; it puts `deno`, `bun` and `playwright-core` where `PATH` and `NODE_PATH` have to lead to.
						The first command builds the clients of Jetty and Vert.x, whose libraries are not those of this project: Jetty calls
						quiche by JNA, because what else it has needs Java 22, and Vert.x runs with an older Netty 4.2 than it asks for, of which
						there are no natives of QUIC on Maven Central.
						"""
					.formatted(LocalDate.now(), versions(), table));
	}

	/**
	 * Check that the document has each client and case, and says of the same ones that
	 * they are impossible.
	 */
	static void assertUpToDate() throws Exception {
		List<List<String>> rows = Files.readAllLines(DOCUMENT)
			.stream()
			.filter((line) -> line.startsWith("| "))
			.map((line) -> Arrays.stream(line.split("\\|")).map(String::strip).skip(1).toList())
			.toList();
		List<InteropClient> clients = List.of(InteropClient.values());
		assertThat(rows.get(0).stream().skip(1))
			.containsExactlyElementsOf(clients.stream().map((client) -> client + ", " + client.stack()).toList());
		for (InteropCase row : InteropCase.values()) {
			assertThat(rows).filteredOn((cells) -> cells.get(0).equals(row.toString()))
				.singleElement()
				.satisfies((cells) -> assertThat(cells.stream().skip(1).map((cell) -> cell.startsWith("no (")))
					.as(row.toString())
					.containsExactlyElementsOf(
							clients.stream().map((client) -> client.impossible(row).isPresent()).toList()));
		}
	}

}
