package io.github.http3spring.netty.connection;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.netty.EmbeddedQuicStream;
import io.github.http3spring.netty.stack.QuicheAccess;
import io.github.http3spring.netty.stack.QuicheStreams;
import io.github.http3spring.netty.stack.QuicheTimers;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionPathStats;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.util.Attribute;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.MockedStatic;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link ConnectionClose}.
 */
class ConnectionCloseTests {

	private static final int NO_ERROR = Http3ErrorCode.H3_NO_ERROR.code();

	private static final long WINDOW = 12_000;

	private final MockedStatic<QuicheAccess> connections = mockStatic(QuicheAccess.class);

	private final MockedStatic<QuicheStreams> streams = mockStatic(QuicheStreams.class);

	private final MockedStatic<QuicheTimers> timers = mockStatic(QuicheTimers.class);

	private final EmbeddedChannel loop = new EmbeddedChannel();

	private final QuicChannel channel = mock();

	private final Attribute<QuicStreamChannel> controlStream = mock();

	private final Runnable gone = mock();

	private boolean inFlight = true;

	private long room;

	private Duration timeout = Duration.ofDays(1);

	private boolean probeDue;

	private long now = -5;

	private final long cutOffAt = this.now;

	private final ConnectionClose close = new ConnectionClose(this.channel, Duration.ofSeconds(30), this.gone,
			() -> this.now);

	@BeforeEach
	void connect() {
		this.loop.freezeTime();
		QuicConnectionStats stats = mock();
		QuicConnectionPathStats path = mock();
		given(stats.pathsCount()).willReturn(1L);
		given(path.active()).willReturn(true);
		given(path.cwnd()).willReturn(WINDOW);
		given(this.channel.collectStats()).willReturn(ImmediateEventExecutor.INSTANCE.newSucceededFuture(stats));
		given(this.channel.collectPathStats(0)).willReturn(ImmediateEventExecutor.INSTANCE.newSucceededFuture(path));
		given(this.channel.eventLoop()).willReturn(this.loop.eventLoop());
		given(this.channel.isOpen()).willReturn(true);
		given(this.channel.<QuicStreamChannel>attr(any())).willReturn(this.controlStream);
		given(this.controlStream.get()).willReturn(new EmbeddedQuicStream(this.channel, 3));
		this.timers.when(() -> QuicheTimers.isInFlight(any(), any())).thenAnswer((invocation) -> this.inFlight);
		this.streams.when(() -> QuicheStreams.capacity(any(), anyLong())).thenAnswer((invocation) -> this.room);
		this.timers.when(() -> QuicheTimers.takeTimeout(any())).thenAnswer((invocation) -> this.timeout);
		this.timers.when(() -> QuicheTimers.isProbeDue(any())).thenAnswer((invocation) -> this.probeDue);
	}

	@AfterEach
	void release() {
		this.connections.close();
		this.streams.close();
		this.timers.close();
	}

	@Test
	void closeIsSentAtOnceWhereNothingWasCutOff() {
		this.close.send();
		verifySent();
	}

	@Test
	void connectionThatHasEndedIsNotClosedAgain() {
		given(this.channel.isOpen()).willReturn(false);
		this.close.send();
		verify(this.gone).run();
		verifyNotSent();
	}

	@Test
	void connectionThatNeverSentAnythingIsClosedAtOnce() {
		given(this.controlStream.get()).willReturn(null);
		this.close.sendAfter(this.cutOffAt);
		verifySent();
	}

	@Test
	void closeFollowsWhatWasAcknowledgedWhenTheClientHasHadTimeToRead() {
		this.inFlight = false;
		this.close.sendAfter(this.cutOffAt);
		passMillis(80);
		verifyNotSent();
		passMillis(20);
		verifySent();
	}

	@Test
	void timeCountsFromTheCutOffAndNotFromTheCall() {
		this.inFlight = false;
		passMillis(100);
		this.close.sendAfter(this.cutOffAt);
		verifySent();
	}

	@Test
	void closeThatHasRoomWaitsForAnAcknowledgementNoLongerThanThat() {
		this.room = WINDOW;
		this.close.sendAfter(this.cutOffAt);
		passMillis(140);
		verifyNotSent();
		passMillis(20);
		verifySent();
		this.connections.verify(() -> QuicheAccess.close(any(), anyInt()), never());
	}

	@Test
	void closeThatHasNoRoomIsSentInsteadOfAllElseAtTheLastAttempt() {
		this.close.sendAfter(this.cutOffAt);
		passMillis(280);
		verifyNotSent();
		passMillis(20);
		verifySentAlone();
	}

	@Test
	void roomThatIsUnlimitedIsThatOfAProbeAndNoRoom() {
		this.room = Long.MAX_VALUE;
		this.close.sendAfter(this.cutOffAt);
		passMillis(280);
		verifyNotSent();
		passMillis(20);
		verifySentAlone();
	}

	@Test
	void closeThatHasNoRoomTravelsInAProbe() {
		this.timeout = Duration.ofMillis(15);
		this.close.sendAfter(this.cutOffAt);
		this.timeout = Duration.ZERO;
		this.probeDue = true;
		passMillis(14);
		verifyNotSent();
		passMillis(1);
		verifySentAlone();
	}

	@Test
	void timerThatOnlyDeclaresPacketsLostIsNoProbe() {
		this.timeout = Duration.ZERO;
		this.close.sendAfter(this.cutOffAt);
		passMillis(40);
		verifyNotSent();
		this.room = WINDOW;
		passMillis(120);
		verifySent();
	}

	@Test
	void connectionThatEndsMeanwhileIsGone() {
		this.close.sendAfter(this.cutOffAt);
		given(this.channel.isOpen()).willReturn(false);
		passMillis(20);
		verify(this.gone).run();
		verifyNotSent();
	}

	private void verifySent() {
		verify(this.channel).close(true, NO_ERROR, Unpooled.EMPTY_BUFFER);
	}

	private void verifySentAlone() {
		this.connections.verify(() -> QuicheAccess.close(this.channel, NO_ERROR), times(1));
		verifySent();
	}

	private void verifyNotSent() {
		verify(this.channel, never()).close(anyBoolean(), anyInt(), any());
	}

	private void passMillis(long millis) {
		for (long passed = 0; passed < millis; passed++) {
			this.now += TimeUnit.MILLISECONDS.toNanos(1);
			this.loop.advanceTimeBy(1, TimeUnit.MILLISECONDS);
			this.loop.runScheduledPendingTasks();
		}
	}

}
