package io.github.http3spring.soak;

import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Growth}.
 */
class GrowthTests {

	@Test
	void whatRisesSlowlyIsFoundToGrow() {
		List<Long> values = LongStream.range(0, 30).map((minute) -> 100 + minute).boxed().toList();
		Growth growth = Growth.of(values);
		assertThat(growth.before()).isEqualTo(109);
		assertThat(growth.after()).isEqualTo(125);
		assertThat(growth.exceeds(1.1, 0)).isTrue();
		assertThat(growth.exceeds(1.1, 6)).isFalse();
	}

	@Test
	void whatIsTakenOnceAtTheBeginningIsNoGrowth() {
		Growth growth = Growth.of(List.of(10L, 90L, 100L, 100L, 100L, 100L, 100L, 100L, 100L, 100L));
		assertThat(growth.exceeds(1, 0)).isFalse();
	}

	@Test
	void singlePeakIsNoGrowth() {
		Growth growth = Growth.of(List.of(100L, 100L, 100L, 100L, 100L, 100L, 100L, 100L, 500L, 100L));
		assertThat(growth.exceeds(1, 0)).isFalse();
	}

}
