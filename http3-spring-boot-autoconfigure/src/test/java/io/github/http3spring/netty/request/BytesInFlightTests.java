package io.github.http3spring.netty.request;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BytesInFlight}.
 */
class BytesInFlightTests {

	private static final long WINDOW = 100_000;

	private static final long UNKNOWN = -1;

	private static final Duration TIME = Duration.ofSeconds(5);

	private final BytesInFlight inFlight = new BytesInFlight();

	private long roundTripTime = 20_000_000;

	private long now = 1;

	@Test
	void areNoMoreThanWhatWasSent() {
		look(30_000, UNKNOWN);
		assertThat(this.inFlight.count()).isEqualTo(30_000);
	}

	@Test
	void areNoMoreThanTheWindow() {
		look(3_000_000, UNKNOWN);
		assertThat(this.inFlight.count()).isEqualTo(WINDOW);
	}

	@Test
	void areWhatIsNotFreeOfTheWindow() {
		look(3_000_000, 60_000);
		assertThat(this.inFlight.count()).isEqualTo(40_000);
		look(3_000_000, 0);
		assertThat(this.inFlight.count()).isEqualTo(WINDOW);
	}

	@Test
	void aProbeThatIsDueDoesNotFreeTheWindow() {
		look(3_000_000, Long.MAX_VALUE);
		assertThat(this.inFlight.count()).isEqualTo(WINDOW);
	}

	@Test
	void exceedTheWindowByWhatIsSentWithoutAnyAcknowledgement() {
		look(3_000_000, UNKNOWN);
		look(3_250_000, UNKNOWN);
		look(3_500_000, UNKNOWN);
		assertThat(this.inFlight.count()).isEqualTo(WINDOW + 500_000);
		this.roundTripTime++;
		look(3_600_000, UNKNOWN);
		assertThat(this.inFlight.count()).isEqualTo(WINDOW);
	}

	@Test
	void areCountedFromNothingWhenAllIsAcknowledged() {
		look(3_000_000, UNKNOWN);
		this.inFlight.noneLeft();
		assertThat(this.inFlight.count()).isZero();
		look(3_001_000, UNKNOWN);
		assertThat(this.inFlight.count()).isEqualTo(1_000);
	}

	@Test
	void whatIsDeclaredLostIsNotAmongThem() {
		look(3_000_000, UNKNOWN);
		this.inFlight.noneLeft();
		look(2_990_000, UNKNOWN);
		assertThat(this.inFlight.count()).isZero();
	}

	@Test
	void areUnansweredWhenTheRoundTripTimeStaysTheSame() {
		look(30_000, UNKNOWN);
		pass(Duration.ofSeconds(4));
		assertThat(this.inFlight.isUnanswered(TIME, this.now)).isFalse();
		pass(Duration.ofSeconds(2));
		look(40_000, UNKNOWN);
		assertThat(this.inFlight.isUnanswered(TIME, this.now)).isTrue();
		this.roundTripTime++;
		look(40_000, UNKNOWN);
		assertThat(this.inFlight.isUnanswered(TIME, this.now)).isFalse();
	}

	@Test
	void cannotAllBeAcknowledgedIfNoneIs() {
		look(30_000, UNKNOWN);
		assertThat(this.inFlight.isAnswered()).isTrue();
		look(30_000, UNKNOWN);
		assertThat(this.inFlight.isAnswered()).isFalse();
		this.roundTripTime++;
		look(30_000, UNKNOWN);
		assertThat(this.inFlight.isAnswered()).isTrue();
	}

	@Test
	void areNotUnansweredWhenThereAreNone() {
		look(30_000, UNKNOWN);
		this.inFlight.noneLeft();
		pass(Duration.ofSeconds(60));
		assertThat(this.inFlight.isUnanswered(TIME, this.now)).isFalse();
		look(60_000, UNKNOWN);
		assertThat(this.inFlight.isUnanswered(TIME, this.now)).isFalse();
		pass(Duration.ofSeconds(6));
		assertThat(this.inFlight.isUnanswered(TIME, this.now)).isTrue();
	}

	private void look(long left, long room) {
		this.inFlight.look(left, WINDOW, room, this.roundTripTime, this.now);
	}

	private void pass(Duration time) {
		this.now += time.toNanos();
	}

}
