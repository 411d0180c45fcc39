package io.github.http3spring.netty.connection;

import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link LogFields}.
 */
class LogFieldsTests {

	private static final Map<String, Object> FIELDS = Map.of("test.number", 7, "test.text", "text");

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

}
