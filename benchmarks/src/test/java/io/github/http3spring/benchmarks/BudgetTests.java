package io.github.http3spring.benchmarks;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BudgetTests {

	private long now = 1_000_000_000_000L;

	private final Budget budget = new Budget(Duration.ofSeconds(60), 6, () -> this.now);

	@Test
	void eachPartGetsAShareByItsWeight() {
		assertThat(this.budget.next(3)).isEqualTo(Duration.ofSeconds(30));
		pass(30);
		assertThat(this.budget.next(1)).isEqualTo(Duration.ofSeconds(10));
		pass(10);
		assertThat(this.budget.next(2)).isEqualTo(Duration.ofSeconds(20));
	}

	@Test
	void whatOnePartLeavesIsForTheNext() {
		this.budget.next(3);
		pass(6);
		assertThat(this.budget.next(1)).isEqualTo(Duration.ofSeconds(18));
	}

	@Test
	void nothingIsLeftAfterTheEnd() {
		this.budget.next(3);
		pass(70);
		assertThat(this.budget.next(3)).isEqualTo(Duration.ZERO);
	}

	private void pass(int seconds) {
		this.now += Duration.ofSeconds(seconds).toNanos();
	}

}
