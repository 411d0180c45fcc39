package io.github.http3spring.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import org.junit.jupiter.api.Test;

import static io.github.http3spring.sample.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the sample logs with Spring Boot's structured logging.
 */
class StructuredLogIT {

	@Test
	void everyLineIsJsonAndFiguresAreFields() throws Exception {
		List<String> lines;
		try (SampleProcess sample = SampleProcess.serve("--logging.structured.format.console=ecs",
				"--spring.main.banner-mode=off", "--logging.level.io.github.http3spring=debug",
				"--http3.server.shutdown.grace-period=1s"); WireClient client = WireClient.create()) {
			WireConnection connection = get(client.connect(sample.udpAddress()));
			get(connection.get("/hello").response());
			connection.get("/slow?millis=60000");
			get(connection.get("/hello").response());
			sample.terminate();
			get(connection.closed());
			assertThat(sample.awaitExit(Duration.ofSeconds(5))).isEqualTo(143);
			lines = List.copyOf(sample.lines());
		}
		List<JsonNode> records = new ArrayList<>();
		ObjectMapper mapper = new ObjectMapper();
		for (String line : lines) {
			records.add(mapper.readTree(line));
		}
		assertThat(records).isNotEmpty().allSatisfy((entry) -> assertThat(entry.get("message").isTextual()).isTrue());
		JsonNode verdict = records.stream()
			.filter((entry) -> entry.get("message").asText().startsWith("HTTP/3 shutdown incomplete in "))
			.findFirst()
			.orElseThrow();
		JsonNode figures = verdict.at("/http3/shutdown");
		assertThat(figures.get("lossless").asBoolean(true)).isFalse();
		assertThat(figures.get("duration_ms").asInt()).isBetween(1000, 5000);
		assertThat(figures.at("/connections/at_deadline").asInt()).isOne();
		assertThat(figures.at("/connections/completed").asInt(-1)).isZero();
		assertThat(figures.at("/requests/cancelled").asInt()).isOne();
		List<JsonNode> story = records.stream()
			.filter((entry) -> entry.at("/log/logger").asText().equals("io.github.http3spring.connection"))
			.toList();
		assertThat(story).hasSizeGreaterThan(5)
			.allSatisfy((entry) -> assertThat(entry.get("message").asText())
				.startsWith("[" + entry.at("/http3/connection/id").asText() + "] "));
		assertThat(records).filteredOn((entry) -> !entry.at("/http3").isMissingNode())
			.as("fields are on their own lines only")
			.hasSize(story.size() + 1);
	}

}
