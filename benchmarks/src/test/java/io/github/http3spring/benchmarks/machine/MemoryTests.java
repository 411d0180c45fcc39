package io.github.http3spring.benchmarks.machine;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MemoryTests {

	@Test
	void residentMemoryIsGivenInKibibytes() {
		assertThat(Memory.parse("Name:\tjava\nVmPeak:\t 999 kB\nVmRSS:\t  123456 kB\nThreads:\t12\n"))
			.isEqualTo(123456L * 1024);
	}

}
