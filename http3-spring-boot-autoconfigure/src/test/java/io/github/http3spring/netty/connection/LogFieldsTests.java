package io.github.http3spring.netty.connection;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.http3spring.server.ConnectionCounts;
import io.github.http3spring.server.RequestCounts;
import io.github.http3spring.server.ShutdownVerdict;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link LogFields}.
 */
class LogFieldsTests {

	private static final Map<String, Object> FIELDS = Map.of("test.number", 7, "test.text", "text");

	private final ShutdownVerdict verdict = new ShutdownVerdict(Duration.ofMillis(1203),
			new ConnectionCounts(1, 2, 3, 4, 5, 6, 7, 8), new RequestCounts(10, 11, 12, 13, 14), List.of());

	@Test
	void lineHasItsFieldsAndTheNextOneHasNot() {
		Map<String, String> seen = new HashMap<>();
		LogFields.with(FIELDS, () -> seen.putAll(MDC.getCopyOfContextMap()));
		assertThat(seen).containsEntry("test.number", "7").containsEntry("test.text", "text");
		assertThat(MDC.get("test.number")).isNull();
		assertThat(MDC.get("test.text")).isNull();
	}

	@Test
	void fieldsOfOthersStay() {
		MDC.put("test.other", "other");
		try {
			LogFields.with(FIELDS, () -> assertThat(MDC.get("test.other")).isEqualTo("other"));
			assertThat(MDC.get("test.other")).isEqualTo("other");
		}
		finally {
			MDC.remove("test.other");
		}
	}

	@Test
	void lineThatFailsLeavesNoFields() {
		assertThatIllegalStateException().isThrownBy(() -> LogFields.with(FIELDS, () -> {
			throw new IllegalStateException();
		}));
		assertThat(MDC.get("test.number")).isNull();
	}

	@Test
	void everyCountOfAVerdictIsAFieldInSnakeCase() {
		Map<String, Object> expected = new HashMap<>(Map.of("lossless", false, "duration_ms", 1203L));
		expected.putAll(Map.of("connections.accepted", 1L, "connections.refused", 2L, "connections.handshake_failures",
				3L, "connections.completed", 4L, "connections.at_deadline", 5L, "connections.closed_by_peer", 6L,
				"connections.timed_out", 7L, "connections.vanished", 8L));
		expected.putAll(Map.of("requests.accepted", 10L, "requests.completed", 11L, "requests.rejected", 12L,
				"requests.cancelled", 13L, "requests.lost", 14L));
		Map<String, Object> fields = new HashMap<>();
		LogFields.of(this.verdict)
			.forEach((name, value) -> fields.put(name.replaceFirst("^http3\\.shutdown\\.", ""), value));
		assertThat(fields).isEqualTo(expected);
	}

}
