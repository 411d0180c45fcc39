package io.github.http3spring.netty.stack;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PathTiming}.
 */
class PathTimingTests {

	@Test
	void probeTimeoutsGrowWithTheRoundTripTimeBetweenThreeAndEightSeconds() {
		assertThat(maxProbeTimeout(Duration.ofMillis(1), Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(3));
		assertThat(maxProbeTimeout(Duration.ofMillis(300), Duration.ofSeconds(30))).isEqualTo(Duration.ofMillis(5625));
		assertThat(maxProbeTimeout(Duration.ofSeconds(5), Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(8));
		assertThat(PathTiming.maxProbeTimeout(Duration.ofMillis(1), null)).isEqualTo(Duration.ofSeconds(3));
	}

	@Test
	void probeTimeoutsAreShorterThanAnyIdleTimeout() {
		for (long roundTripMillis : new long[] { 1, 100, 1000, 5000 }) {
			for (long idleMillis : new long[] { 100, 1000, 3000, 5000, 8000 }) {
				Duration idleTimeout = Duration.ofMillis(idleMillis);
				assertThat(maxProbeTimeout(Duration.ofMillis(roundTripMillis), idleTimeout))
					.isLessThanOrEqualTo(idleTimeout.dividedBy(4).multipliedBy(3));
			}
		}
	}

	private static Duration maxProbeTimeout(Duration roundTripTime, Duration idleTimeout) {
		return PathTiming.maxProbeTimeout(roundTripTime, idleTimeout);
	}

}
