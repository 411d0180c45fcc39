package io.github.http3spring.benchmarks.machine;

import java.util.Map;

import io.github.http3spring.benchmarks.machine.CpuTime.ThreadTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CpuTimeTests {

	@Test
	void compilersAreNoWork() {
		CpuTime earlier = new CpuTime(Map.of(1L, new ThreadTime(100, false), 2L, new ThreadTime(1000, true)));
		CpuTime later = new CpuTime(Map.of(1L, new ThreadTime(150, false), 2L, new ThreadTime(4000, true)));
		assertThat(later.workSince(earlier)).isEqualTo(50);
		assertThat(later.compilersSince(earlier)).isEqualTo(3000);
	}

	@Test
	void threadsMayComeAndGo() {
		CpuTime earlier = new CpuTime(Map.of(1L, new ThreadTime(100, false), 2L, new ThreadTime(1000, false)));
		CpuTime later = new CpuTime(Map.of(1L, new ThreadTime(150, false), 3L, new ThreadTime(7, false)));
		assertThat(later.workSince(earlier)).isEqualTo(57);
	}

}
