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

	private long sent = 800;

	private long sentBytes = 1_000_000;

	private long lost = 8;

	private long lostBytes = 8 * LARGE;

	@Test
	void isFoundWhenNothingIsAcknowledgedBetweenTwoLooks() {
		assertThat(look()).isFalse();
		send(2, LARGE);
		assertThat(look()).isTrue();
	}

	@Test
	void isNotFoundWhenSmallPacketsAreNotAcknowledgedEither() {
		look();
		send(3, 35);
		assertThat(look()).isFalse();
	}

	@Test
	void isNotFoundWhileAcknowledgementsArrive() {
		for (int look = 0; look < 10; look++) {
			acknowledge();
			send(100, LARGE);
			lose(20, LARGE);
			assertThat(look()).isFalse();
		}
	}

	@Test
	void isFoundWhenTheLargeIsLostAndOnlyProbesOfATimeoutAreAcknowledged() {
		look();
		loseAll(4);
		assertThat(look()).isFalse();
		loseAll(4);
		assertThat(look()).isTrue();
	}

	@Test
	void isFoundWhenSmallResponsesTakeHalfOfTheWindow() {
		look();
		loseAll(40);
		send(80, LARGE / 2);
		assertThat(look()).isFalse();
		loseAll(40);
		send(80, LARGE / 2);
		assertThat(look()).isTrue();
	}

	@Test
	void isFoundDuringAnUploadThoughMostOfWhatIsSentAreAcknowledgements() {
		look();
		loseAll(4);
		send(8_000, 40);
		assertThat(look()).isFalse();
		loseAll(4);
		send(8_000, 40);
		assertThat(look()).isTrue();
	}

	@Test
	void isNotFoundWhenAWindowThatHasGrownTooLargeLosesMuch() {
		look();
		loseAll(100);
		assertThat(look()).isFalse();
		acknowledge();
		send(100, LARGE);
		lose(10, LARGE);
		assertThat(look()).isFalse();
		loseAll(50);
		assertThat(look()).isFalse();
	}

	@Test
	void isNotFoundWhenSmallPacketsAreLostAsWell() {
		for (int look = 0; look < 3; look++) {
			loseAll(10);
			send(10, 300);
			lose(10, 300);
			assertThat(look()).isFalse();
		}
	}

	@Test
	void isNotFoundWhenEverythingWasAcknowledgedInBetween() {
		look();
		send(2, LARGE);
		assertThat(look(false, LARGE)).isFalse();
		assertThat(look()).isFalse();
	}

	@Test
	void isNotFoundAsLongAsNothingLargeIsSent() {
		look(true, BlackHole.SMALLEST_MAXIMUM);
		send(2, BlackHole.SMALLEST_MAXIMUM);
		assertThat(look(true, BlackHole.SMALLEST_MAXIMUM)).isFalse();
		assertThat(look()).isFalse();
	}

	/**
	 * Send large packets that are lost, as a small probe shows that is acknowledged.
	 */
	private void loseAll(int packets) {
		send(packets, LARGE);
		lose(packets, LARGE);
		send(1, 30);
		acknowledge();
	}

	private void send(int packets, long size) {
		this.sent += packets;
		this.sentBytes += packets * size;
	}

	private void lose(int packets, long size) {
		this.lost += packets;
		this.lostBytes += packets * size;
	}

	private void acknowledge() {
		this.roundTripTime += 17;
	}

	private boolean look() {
		return look(true, LARGE);
	}

	private boolean look(boolean inFlight, long maxDatagramSize) {
		return this.blackHole.isFound(new PathReading(inFlight, this.roundTripTime, maxDatagramSize, this.sent,
				this.sentBytes, this.lost, this.lostBytes));
	}

}
