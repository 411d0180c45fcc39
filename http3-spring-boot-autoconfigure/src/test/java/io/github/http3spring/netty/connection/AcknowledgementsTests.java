package io.github.http3spring.netty.connection;

import io.netty.incubator.codec.quic.QuicConnectionPathStats;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

/**
 * Tests for {@link Acknowledgements}.
 */
class AcknowledgementsTests {

	private final QuicConnectionStats stats = mock(withSettings().stubOnly());

	private final QuicConnectionPathStats path = mock(withSettings().stubOnly());

	private final Acknowledgements acknowledgements = new Acknowledgements();

	private long roundTripTime = 20_000_000;

	private long received;

	private long sent;

	private long lost;

	@BeforeEach
	void count() {
		given(this.stats.recv()).willAnswer((invocation) -> this.received);
		given(this.stats.sent()).willAnswer((invocation) -> this.sent);
		given(this.stats.sentBytes()).willAnswer((invocation) -> 1200 * this.sent);
		given(this.stats.lost()).willAnswer((invocation) -> this.lost);
		given(this.path.rtt()).willAnswer((invocation) -> this.roundTripTime);
	}

	@Test
	void eachPacketThatHasArrivedMayBeOne() {
		look(10, 10);
		assertThat(this.acknowledgements.bytes()).isEqualTo(640);
		assertThat(this.acknowledgements.unacknowledged()).isZero();
	}

	@Test
	void thereAreNoMoreOfThemThanTwiceAsManyAsPacketsWereSent() {
		look(10, 3);
		assertThat(this.acknowledgements.bytes()).isEqualTo(6 * 64);
	}

	@Test
	void whatWasLostInTheLastRoundTripsMakesThemLonger() {
		this.lost = 10;
		look(10, 100);
		assertThat(this.acknowledgements.bytes()).isEqualTo(10 * (64 + 40));
		look(10, 100);
		assertThat(this.acknowledgements.bytes()).isEqualTo(10 * (64 + 40));
		look(10, 100);
		assertThat(this.acknowledgements.bytes()).isEqualTo(640);
	}

	@Test
	void packetsAreUnacknowledgedAsLongAsTheRoundTripTimeStays() {
		look(10, 10);
		this.roundTripTime--;
		look(10, 10);
		assertThat(this.acknowledgements.bytes()).isZero();
		assertThat(this.acknowledgements.unacknowledged()).isEqualTo(10);
		this.roundTripTime--;
		look(10, 5);
		assertThat(this.acknowledgements.unacknowledged()).isEqualTo(15);
		look(10, 10);
		assertThat(this.acknowledgements.unacknowledged()).isZero();
	}

	@Test
	void packetsThatNoneOfTheClientBroughtAboutAreInFlight() {
		look(1, 10);
		this.roundTripTime--;
		look(3, 10_000);
		assertThat(this.acknowledgements.unacknowledged()).isEqualTo(3);
	}

	@Test
	void packetsAreUnacknowledgedIfOnlyOldOnesAreAcknowledged() {
		this.roundTripTime = Acknowledgements.MAX_ROUND_TRIP_TIME.toNanos();
		look(10, 10);
		look(10, 10);
		assertThat(this.acknowledgements.bytes()).isZero();
		assertThat(this.acknowledgements.unacknowledged()).isEqualTo(20);
	}

	@Test
	void allAreAcknowledgedIfThePathIsNotKnown() {
		this.received = 10;
		this.sent = 10;
		this.acknowledgements.look(this.stats, null);
		assertThat(this.acknowledgements.bytes()).isEqualTo(640);
		assertThat(this.acknowledgements.unacknowledged()).isZero();
	}

	/**
	 * Look after some more packets, of which the last one has changed the round-trip
	 * time.
	 */
	private void look(long received, long sent) {
		this.received += received;
		this.sent += sent;
		this.roundTripTime++;
		this.acknowledgements.look(this.stats, this.path);
	}

}
