package io.github.http3spring.netty.protocol;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Priority}.
 */
class PriorityTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "u=0|0|false", "u=7, i|7|true", "i, u=5|5|true", "i=?1|3|true", "u=2,i=?0|2|false",
					"u=1;x=2, i;y|1|true", "x=(u=1 2, i), u=4|4|false", "x=\"a, u=1\", u=6|6|false",
					"x=\"\\\", u=1\", u=2|2|false", "u=1, u=5|5|false", "  u=4 ,\ti |4|true", "x, y=?0, u=0|0|false" })
	void urgencyAndIncrementalAreRead(String value, int urgency, boolean incremental) {
		Priority priority = Priority.parse(value);
		assertThat(priority.urgencyOrDefault()).isEqualTo(urgency);
		assertThat(priority.isIncremental()).isEqualTo(incremental);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ",", "u", "u=8", "u=-1", "u=10", "u=a", "u=\"1\"", "u=1.0", "U=1", "I", "i=1",
			"i=true", "u = 1", "x=\"u=1, i", "((u=1, i", "\u00ff" })
	void whatIsNoValueSaysNothing(String value) {
		assertThat(Priority.parse(value)).isEqualTo(Priority.NONE);
	}

	@Test
	void oneOverridesWhatItSays() {
		Priority client = Priority.parse("u=1, i");
		assertThat(client.overriddenBy(Priority.NONE)).isEqualTo(client);
		assertThat(client.overriddenBy(Priority.parse("u=5"))).isEqualTo(Priority.parse("u=5, i"));
		assertThat(client.overriddenBy(Priority.parse("i=?0"))).isEqualTo(Priority.parse("u=1, i=?0"));
	}

}
