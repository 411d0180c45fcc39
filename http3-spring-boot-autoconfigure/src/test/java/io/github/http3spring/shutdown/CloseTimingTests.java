package io.github.http3spring.shutdown;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CloseTiming}.
 */
class CloseTimingTests {

	@ParameterizedTest(name = "after {0} ms, acknowledged: {1}, room {2} -> {3}")
	@CsvSource(textBlock = """
			0,   true,  10000, WAIT
			99,  true,  10000, WAIT
			100, true,  0,     SEND
			100, true,  10000, SEND
			100, false, 10000, WAIT
			149, false, 200,   WAIT
			150, false, 200,   SEND_ALONE
			200, false, 99,    WAIT
			149, false, 10000, WAIT
			150, false, 2400,  SEND
			150, false, 2399,  SEND_ALONE
			299, false, 0,     WAIT
			300, false, 2400,  SEND
			300, false, 2399,  SEND_ALONE
			300, false, 0,     SEND_ALONE
			900, false, -5,    SEND_ALONE
			900, true,  -5,    SEND
			""")
	void closeLeavesWhenEverythingHasArrivedOrElseInTime(long millis, boolean acknowledged, long room,
			CloseTiming expected) {
		assertThat(CloseTiming.of(Duration.ofMillis(millis), acknowledged, room)).isEqualTo(expected);
	}

	@Test
	void fullWindowNeedsAProbe() {
		assertThat(CloseTiming.needsProbe(0)).isTrue();
		assertThat(CloseTiming.needsProbe(CloseTiming.ROOM_FOR_CLOSE)).isFalse();
	}

	@Test
	void lastAttemptLeavesTimeForTheClosingPeriod() {
		assertThat(CloseTiming.BUDGET.minus(CloseTiming.LAST_ATTEMPT)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
	}

}
