package io.github.http3spring.shutdown;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ResponsePace}.
 */
class ResponsePaceTests {

	private static final int WINDOW = 512 << 10;

	private static final long START = Long.MAX_VALUE - 1000;

	private static final Duration SECOND = Duration.ofSeconds(1);

	private long now = START;

	private ResponsePace pace = new ResponsePace(WINDOW, START);

	@Test
	void nothingIsKnownOfAResponseThatFitsIntoOneWindow() {
		accept(WINDOW, SECOND);
		assertThat(this.pace.timeToRead()).isEmpty();
	}

	@Test
	void emptyResponseHasNoPace() {
		assertThat(this.pace.timeToRead()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, 65_536, WINDOW / 8, WINDOW, 3 * WINDOW + 17, 8 << 20 })
	void oneWindowIsLeftOfAnEvenPace(int piece) {
		double secondsPerByte = 1.0 / 300_000;
		accept(WINDOW, Duration.ofMillis(1));
		while (this.now - START < Duration.ofSeconds(10).toNanos()) {
			accept(piece, Duration.ofNanos((long) (piece * secondsPerByte * 1e9)));
		}
		double expected = WINDOW * secondsPerByte;
		assertThat(secondsToRead()).isBetween(expected * 0.99, expected * 1.13);
	}

	@Test
	void readerThatBecomesSlowIsMeasuredByItsLastWindow() {
		acceptEvenly(4 * WINDOW, Duration.ofMillis(100));
		acceptEvenly(WINDOW, Duration.ofSeconds(10));
		assertThat(secondsToRead()).isBetween(9.9, 20.1);
	}

	@Test
	void windowThatTheClientHasOpenedFurtherIsReadAtThePaceOfTheOnesBefore() {
		// One window without credit, four at the pace of the reader, one more as credit
		acceptEvenly(WINDOW, Duration.ofMillis(10));
		acceptEvenly(4 * WINDOW, Duration.ofSeconds(4));
		acceptEvenly(WINDOW, Duration.ofMillis(20));
		assertThat(secondsToRead()).isBetween(1.9, 2.1);
	}

	@Test
	void pauseMakesTheClientSlowForAFewWindowsOnly() {
		acceptEvenly(20 * WINDOW, Duration.ofMillis(200));
		this.now += Duration.ofSeconds(3).toNanos();
		acceptEvenly(20 * WINDOW, Duration.ofMillis(200));
		assertThat(secondsToRead()).isBetween(3.0, 6.3);
	}

	/**
	 * Recorded with quinn, which read for another 4.03 s at 300 kB/s.
	 */
	@Test
	void windowsThatALossyPathCarriesInBurstsDoNotMakeTheReaderFast() {
		this.pace = new ResponsePace(1_250_000, START);
		int[][] accepted = { { 456, 81_885 }, { 1433, 344_029 }, { 1843, 606_173 }, { 2322, 933_853 },
				{ 2908, 1_261_533 }, { 3408, 1_523_677 }, { 4014, 1_785_821 }, { 4257, 2_047_965 }, { 4448, 2_310_109 },
				{ 4634, 2_572_253 }, { 5006, 2_768_861 }, { 5840, 3_000_635 } };
		int[] last = { 0, 0 };
		for (int[] piece : accepted) {
			accept(piece[1] - last[1], Duration.ofMillis(piece[0] - last[0]));
			last = piece;
		}
		assertThat(secondsToRead()).isBetween(4.03, 4.3);
	}

	@Test
	void fastReaderHasHardlyAnythingToRead() {
		acceptEvenly(16 * WINDOW, Duration.ofMillis(80));
		assertThat(secondsToRead()).isLessThan(0.01);
	}

	@Test
	void firstWindowIsNoMeasureOfThePace() {
		acceptEvenly(WINDOW, Duration.ofMillis(10));
		accept(WINDOW / 4, Duration.ofSeconds(2));
		assertThat(secondsToRead()).as("a quarter was read in two seconds").isBetween(8.0, 8.1);
	}

	@Test
	void littleIsExtrapolatedToEightTimesAsLong() {
		acceptEvenly(WINDOW, Duration.ofMillis(10));
		accept(1, Duration.ofSeconds(1));
		assertThat(secondsToRead()).isBetween(8.0, 8.1);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 7, 9, 15 })
	void smallestWindowsWork(long window) {
		this.pace = new ResponsePace(window, START);
		for (int number = 0; number < 1000; number++) {
			accept(1, SECOND);
		}
		assertThat(secondsToRead()).isBetween((double) window, window + 2.0);
	}

	@Test
	void largestWindowHoldsEverything() {
		this.pace = new ResponsePace(Long.MAX_VALUE, START);
		accept(Integer.MAX_VALUE, SECOND);
		assertThat(this.pace.timeToRead()).isEmpty();
	}

	private void acceptEvenly(int bytes, Duration time) {
		int pieces = 64;
		for (int piece = 0; piece < pieces; piece++) {
			accept(bytes / pieces, time.dividedBy(pieces));
		}
	}

	private void accept(int bytes, Duration time) {
		this.now += time.toNanos();
		this.pace.accepted(bytes, this.now);
	}

	private double secondsToRead() {
		return this.pace.timeToRead().orElseThrow().toNanos() / 1e9;
	}

}
