package io.github.http3spring.netty.path;

import io.github.http3spring.netty.stack.PathReading;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BlackHole}.
 */
class BlackHoleTests {

	private static final long LARGE = 1452;

	private final BlackHole blackHole = new BlackHole();

	private long roundTripTime = 20_000_000;

	private long sentBytes = 1_000_000;

	private long lostBytes = 10_000;

	@Test
	void isFoundWhenNothingIsAcknowledgedBetweenTwoLooks() {
		assertThat(look(true, LARGE)).isFalse();
		this.sentBytes += 2 * LARGE;
		assertThat(look(true, LARGE)).isTrue();
	}

	@Test
	void isNotFoundWhileAcknowledgementsArrive() {
		for (int look = 0; look < 10; look++) {
			acknowledge();
			this.sentBytes += 100 * LARGE;
			this.lostBytes += 40 * LARGE;
			assertThat(look(true, LARGE)).isFalse();
		}
	}

	@Test
	void isFoundWhenMostIsLostThoughSmallPacketsAreAcknowledged() {
		look(true, LARGE);
		acknowledge();
		this.sentBytes += 2 * LARGE + 50;
		assertThat(look(true, LARGE)).isFalse();
		// What was sent before one look is declared lost before the next
		acknowledge();
		this.lostBytes += 2 * LARGE;
		this.sentBytes += 50;
		assertThat(look(true, LARGE)).isTrue();
	}

	@Test
	void isNotFoundWhenEverythingWasAcknowledgedInBetween() {
		look(true, LARGE);
		assertThat(look(false, LARGE)).isFalse();
		assertThat(look(true, LARGE)).isFalse();
	}

	@Test
	void isNotFoundAsLongAsNothingLargeIsSent() {
		look(true, BlackHole.SMALLEST_MAXIMUM);
		assertThat(look(true, BlackHole.SMALLEST_MAXIMUM)).isFalse();
		assertThat(look(true, LARGE)).isFalse();
	}

	private void acknowledge() {
		this.roundTripTime += 17;
	}

	private boolean look(boolean inFlight, long maxDatagramSize) {
		return this.blackHole
			.isFound(new PathReading(inFlight, this.roundTripTime, maxDatagramSize, this.sentBytes, this.lostBytes));
	}

}
