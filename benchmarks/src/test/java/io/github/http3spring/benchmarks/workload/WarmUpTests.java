package io.github.http3spring.benchmarks.workload;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WarmUpTests {

	private final WarmUp warmUp = new WarmUp(Duration.ofHours(1));

	@Test
	void goesOnAsLongAsItGetsCheaper() {
		for (double cost = 100; cost > 10; cost *= 0.9) {
			this.warmUp.add(cost, 0);
			assertThat(this.warmUp.goesOn()).isTrue();
		}
	}

	@Test
	void goesOnAsLongAsMuchIsCompiled() {
		for (int i = 0; i < 10; i++) {
			this.warmUp.add(100, 0.2);
			assertThat(this.warmUp.goesOn()).isTrue();
		}
	}

	@Test
	void endsWhenTwoInARowWereSteady() {
		this.warmUp.add(100, 0.5);
		this.warmUp.add(98, 0.05);
		assertThat(this.warmUp.goesOn()).isTrue();
		this.warmUp.add(120, 0.05);
		assertThat(this.warmUp.goesOn()).isFalse();
	}

	@Test
	void endsWithItsTime() {
		assertThat(new WarmUp(Duration.ZERO).goesOn()).isFalse();
	}

}
