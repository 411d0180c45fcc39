package io.github.http3spring.benchmarks.report;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SpreadTests {

	@Test
	void theMedianOfAnOddNumberIsTheOneInTheMiddle() {
		assertThat(Spread.of(List.of(9.0, 1.0, 3.0))).isEqualTo(new Spread(3, 1, 9));
	}

	@Test
	void theMedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
		assertThat(Spread.of(List.of(9.0, 1.0, 3.0, 5.0))).isEqualTo(new Spread(4, 1, 9));
	}

	@Test
	void oneValueIsAllOfThem() {
		assertThat(Spread.of(List.of(2.0))).isEqualTo(new Spread(2, 2, 2));
	}

}
