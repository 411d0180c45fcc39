package io.github.http3spring.shutdown;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RoundTripTime}.
 */
class RoundTripTimeTests {

	@ParameterizedTest
	@CsvSource({ "0, 25", "1, 27", "100, 225", "333, 691" })
	void probeTimeoutIsTwoRoundTripsAndTheDelayOfAnAcknowledgement(long roundTripMillis, long expectedMillis) {
		assertThat(millis(roundTripMillis).probeTimeout()).isEqualTo(Duration.ofMillis(expectedMillis));
	}

	@ParameterizedTest
	@CsvSource({ "0, 75", "10, 135", "100, 675", "154, 999", "155, 1000", "5000, 1000" })
	void goAwaysAreThreeProbeTimeoutsApartAndNeverMoreThanASecond(long roundTripMillis, long expectedMillis) {
		assertThat(millis(roundTripMillis).goAwayDelay()).isEqualTo(Duration.ofMillis(expectedMillis));
	}

	@ParameterizedTest
	@CsvSource({ "0, 75", "100, 675", "487, 2997", "488, 3000", "60000, 3000" })
	void closingPeriodIsThreeProbeTimeoutsAndNeverMoreThanThreeSeconds(long roundTripMillis, long expectedMillis) {
		assertThat(millis(roundTripMillis).closingPeriod()).isEqualTo(Duration.ofMillis(expectedMillis));
	}

	@ParameterizedTest
	@CsvSource({ "1, 3000", "154, 3000", "155, 3015", "300, 5625", "431, 7983", "432, 8000", "5000, 8000" })
	void longestProbeTimeoutGrowsWithTheRoundTripTimeBetweenThreeAndEightSeconds(long roundTripMillis,
			long expectedMillis) {
		assertThat(millis(roundTripMillis).maxProbeTimeout()).isEqualTo(Duration.ofMillis(expectedMillis));
		assertThat(millis(roundTripMillis).maxProbeTimeout(Duration.ofSeconds(30)))
			.isEqualTo(Duration.ofMillis(expectedMillis));
	}

	@Test
	void longestProbeTimeoutIsShorterThanAnyIdleTimeout() {
		for (long roundTripMillis : new long[] { 1, 100, 1000, 5000 }) {
			for (long idleMillis : new long[] { 100, 1000, 3000, 5000, 8000 }) {
				Duration idleTimeout = Duration.ofMillis(idleMillis);
				assertThat(millis(roundTripMillis).maxProbeTimeout(idleTimeout))
					.isLessThanOrEqualTo(idleTimeout.dividedBy(4).multipliedBy(3));
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "1, 1000", "20, 1000", "21, 1005", "100, 3375", "154, 4995", "155, 5000", "5000, 5000" })
	void goAwayIsWaitedForFifteenProbeTimeoutsBetweenOneAndFiveSeconds(long roundTripMillis, long expectedMillis) {
		assertThat(millis(roundTripMillis).maxWaitForGoAway()).isEqualTo(Duration.ofMillis(expectedMillis));
	}

	@ParameterizedTest
	@CsvSource({ "1, 3000", "154, 3000", "300, 5625", "543, 9999", "544, 10000", "5000, 10000" })
	void headerSectionIsWaitedForBetweenThreeAndTenSeconds(long roundTripMillis, long expectedMillis) {
		assertThat(millis(roundTripMillis).headersTime()).isEqualTo(Duration.ofMillis(expectedMillis));
	}

	@ParameterizedTest
	@CsvSource({ "0, 10", "80, 10", "120, 15", "160, 20", "1000, 20" })
	void looksAreEightPerRoundTripBetweenTenAndTwentyMilliseconds(long roundTripMillis, long expectedMillis) {
		assertThat(millis(roundTripMillis).checkInterval()).isEqualTo(Duration.ofMillis(expectedMillis));
	}

	private static RoundTripTime millis(long millis) {
		return new RoundTripTime(Duration.ofMillis(millis));
	}

}
