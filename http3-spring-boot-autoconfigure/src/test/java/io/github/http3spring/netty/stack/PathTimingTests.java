package io.github.http3spring.netty.stack;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.shutdown.PeerActivity;
import io.github.http3spring.shutdown.RoundTripTime;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionPathStats;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import io.netty.incubator.codec.quic.QuicTransportParameters;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link PathTiming}.
 */
class PathTimingTests {

	private static final Duration OURS = Duration.ofSeconds(30);

	private final QuicChannel channel = mock();

	private final QuicConnectionStats stats = mock();

	private final QuicConnectionPathStats path = mock();

	private final QuicTransportParameters parameters = mock();

	@BeforeEach
	void connect() {
		given(this.channel.collectStats()).willReturn(ImmediateEventExecutor.INSTANCE.newSucceededFuture(this.stats));
		given(this.channel.collectPathStats(0))
			.willReturn(ImmediateEventExecutor.INSTANCE.newSucceededFuture(this.path));
		given(this.channel.peerTransportParameters()).willReturn(this.parameters);
		given(this.stats.pathsCount()).willReturn(1L);
		given(this.path.active()).willReturn(true);
	}

	@Test
	void roundTripTimeIsThatOfTheActivePath() {
		given(this.path.rtt()).willReturn(TimeUnit.MILLISECONDS.toNanos(40));
		assertThat(PathTiming.roundTripTime(this.channel)).isEqualTo(new RoundTripTime(Duration.ofMillis(40)));
		given(this.path.active()).willReturn(false);
		assertThat(PathTiming.roundTripTime(this.channel)).isEqualTo(RoundTripTime.INITIAL);
	}

	@Test
	void roundTripTimeIsAssumedWhereNoneWasMeasured() {
		assertThat(PathTiming.roundTripTime(this.channel)).isEqualTo(RoundTripTime.INITIAL);
		assertThat(PathTiming.measuredRoundTripTime(this.channel, this.stats)).isNull();
		connectionEnds();
		assertThat(PathTiming.roundTripTime(this.channel)).isEqualTo(RoundTripTime.INITIAL);
	}

	@Test
	void probeTimeoutLeavesThePeerTheTimeForWhichItMayHoldAnAcknowledgementBack() {
		given(this.path.rtt()).willReturn(TimeUnit.MILLISECONDS.toNanos(100));
		given(this.parameters.maxAckDelay()).willReturn(400L);
		assertThat(PathTiming.activity(this.channel).probeTimeout()).isEqualTo(Duration.ofMillis(600));
	}

	@Test
	void activityIsWhatWasSentAndReceivedWithTheProbeTimeout() {
		given(this.stats.sent()).willReturn(7L);
		given(this.stats.recv()).willReturn(5L);
		given(this.path.rtt()).willReturn(TimeUnit.MILLISECONDS.toNanos(100));
		given(this.parameters.maxAckDelay()).willReturn(25L);
		assertThat(PathTiming.activity(this.channel))
			.isEqualTo(new PeerActivity(7, 5, Duration.ofMillis(225), Duration.ZERO));
		connectionEnds();
		assertThat(PathTiming.activity(this.channel))
			.isEqualTo(new PeerActivity(0, 0, Duration.ofMillis(691), Duration.ZERO));
	}

	@Test
	void congestionWindowOfAConnectionThatHasEndedIsZero() {
		given(this.path.cwnd()).willReturn(12_000L);
		assertThat(PathTiming.congestionWindow(this.channel)).isEqualTo(12_000);
		connectionEnds();
		assertThat(PathTiming.congestionWindow(this.channel)).isZero();
	}

	@Test
	void idleTimeoutIsTheSmallerOfTheTwo() {
		given(this.parameters.maxIdleTimeout()).willReturn(10_000L);
		assertThat(PathTiming.idleTimeout(this.channel, OURS)).contains(Duration.ofSeconds(10));
		given(this.parameters.maxIdleTimeout()).willReturn(40_000L);
		assertThat(PathTiming.idleTimeout(this.channel, OURS)).contains(OURS);
	}

	@Test
	void idleTimeoutThatOneSideDoesNotAnnounceIsThatOfTheOther() {
		assertThat(PathTiming.idleTimeout(this.channel, OURS)).contains(OURS);
		assertThat(PathTiming.idleTimeout(this.channel, Duration.ZERO)).isEmpty();
		given(this.parameters.maxIdleTimeout()).willReturn(10_000L);
		assertThat(PathTiming.idleTimeout(this.channel, Duration.ZERO)).contains(Duration.ofSeconds(10));
		given(this.channel.peerTransportParameters()).willReturn(null);
		assertThat(PathTiming.idleTimeout(this.channel, OURS)).contains(OURS);
	}

	@Test
	void longestIdleTimeoutOfAClientCanBeCountedInNanoseconds() {
		given(this.parameters.maxIdleTimeout()).willReturn((1L << 62) - 1);
		assertThat(PathTiming.idleTimeout(this.channel, Duration.ZERO)).get()
			.satisfies((timeout) -> assertThat(timeout.toNanos()).isPositive());
	}

	@Test
	void longestProbeTimeoutIsCutByTheIdleTimeout() {
		assertThat(PathTiming.maxProbeTimeout(this.channel, Duration.ZERO)).isEqualTo(Duration.ofMillis(6219));
		assertThat(PathTiming.maxProbeTimeout(this.channel, Duration.ofSeconds(4))).isEqualTo(Duration.ofSeconds(3));
	}

	private void connectionEnds() {
		given(this.channel.collectStats())
			.willReturn(ImmediateEventExecutor.INSTANCE.newFailedFuture(new IllegalStateException()));
	}

}
