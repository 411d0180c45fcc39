package io.github.http3spring.benchmarks.machine;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class MachineTimeTests {

	@Test
	void idleTimeAndWaitingForDisksIsNotBusy() {
		MachineTime time = MachineTime.parse("cpu  100 10 20 500 50 1 2 3 40 4\ncpu0 1 2 3 4 5 6 7 8 9 10\n");
		assertThat(time).isEqualTo(new MachineTime(136, 686));
	}

	@Test
	void othersUsedWhatIsNeitherIdleNorOwn() {
		MachineTime earlier = new MachineTime(100, 1000);
		assertThat(new MachineTime(180, 1100).othersSince(earlier, 0.5)).isCloseTo(0.3, within(1e-9));
	}

	@Test
	void othersNeverUseLessThanNothing() {
		MachineTime earlier = new MachineTime(100, 1000);
		assertThat(new MachineTime(140, 1100).othersSince(earlier, 0.5)).isZero();
		assertThat(earlier.othersSince(earlier, 0.5)).isZero();
	}

}
