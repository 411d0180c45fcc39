package io.github.http3spring.shutdown;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReadingTime}.
 */
class ReadingTimeTests {

	private static final int HALF_MEGABYTE = 512 << 10;

	private long now = Long.MAX_VALUE - 1000;

	private final ReadingTime time = new ReadingTime(Duration.ofSeconds(5), () -> this.now);

	@Test
	void nothingIsWaitedForBeforeTheFirstResponse() {
		assertThat(this.time.isOver()).isTrue();
		assertThat(this.time.left()).isZero();
	}

	@Test
	void clientWithoutAPaceIsTrustedToReadHalfAMegabytePerSecond() {
		this.time.responseSent(HALF_MEGABYTE);
		assertLeft(Duration.ofSeconds(1));
	}

	@Test
	void guessCountsFromTheEndOfTheResponse() {
		pass(Duration.ofMinutes(10));
		this.time.responseSent(HALF_MEGABYTE);
		assertLeft(Duration.ofSeconds(1));
		assertThat(this.time.isOver()).isFalse();
		pass(Duration.ofSeconds(1));
		assertThat(this.time.isOver()).isTrue();
	}

	@Test
	void responsesAreReadOneAfterTheOther() {
		this.time.responseSent(HALF_MEGABYTE);
		this.time.responseSent(2 * HALF_MEGABYTE);
		assertLeft(Duration.ofSeconds(3));
	}

	@Test
	void guessHasALimit() {
		this.time.responseSent(1L << 40);
		assertLeft(Duration.ofSeconds(5));
	}

	@Test
	void lastWindowTakesAsLongAgainWithAMargin() {
		this.time.responseSent(Duration.ofSeconds(20));
		assertLeft(Duration.ofMillis(25_100));
	}

	@Test
	void fastReaderIsHardlyWaitedFor() {
		this.time.responseSent(Duration.ofMillis(8));
		assertLeft(Duration.ofMillis(110));
	}

	@Test
	void guessDoesNotShortenWhatWasMeasured() {
		this.time.responseSent(Duration.ofSeconds(20));
		this.time.responseSent(HALF_MEGABYTE);
		assertLeft(Duration.ofMillis(25_100));
	}

	@Test
	void slowestReaderIsWaitedFor() {
		this.time.responseSent(Duration.ofSeconds(4));
		this.time.responseSent(Duration.ofSeconds(1));
		assertLeft(Duration.ofMillis(5100));
	}

	private void pass(Duration duration) {
		this.now += duration.toNanos();
	}

	private void assertLeft(Duration expected) {
		assertThat(this.time.left()).isBetween(expected.minusMillis(2), expected.plusMillis(2));
	}

}
