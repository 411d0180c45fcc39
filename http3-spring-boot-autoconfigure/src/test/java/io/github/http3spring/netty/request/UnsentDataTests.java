package io.github.http3spring.netty.request;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionPathStats;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link UnsentData}.
 */
class UnsentDataTests {

	private static final long LIMIT = 1000;

	private final EmbeddedChannel loop = new EmbeddedChannel();

	private final QuicConnectionStats stats = mock();

	private final QuicConnectionPathStats path = mock();

	private final QuicChannel channel = mock();

	private final UnsentData.Owner owner = mock();

	private long nanoTime;

	private final MemoryBudget budget = new MemoryBudget(100 * LIMIT);

	private final UnsentData unsent = new UnsentData(this.channel, Duration.ofSeconds(30), LIMIT, this.budget,
			() -> this.nanoTime, this.owner);

	@BeforeEach
	void freezeTime() {
		this.loop.freezeTime();
		given(this.channel.eventLoop()).willReturn(this.loop.eventLoop());
		given(this.channel.collectStats()).willReturn(ImmediateEventExecutor.INSTANCE.newSucceededFuture(this.stats));
	}

	@Test
	void whatIsSentLeavesRoom() {
		for (int round = 1; round <= 100; round++) {
			given(this.stats.sentBytes()).willReturn(round * LIMIT);
			this.unsent.add(0, LIMIT);
			assertThat(this.unsent.hasRoom()).isTrue();
		}
	}

	@Test
	void thereIsNoRoomForMoreThanTheLimit() {
		this.unsent.add(0, LIMIT);
		assertThat(this.unsent.hasRoom()).isTrue();
		this.unsent.add(0, LIMIT / 2);
		assertThat(this.unsent.hasRoom()).isFalse();
	}

	@Test
	void piecesAreShorterTheMoreOfThemWait() {
		int all = 0;
		for (int piece = 0; piece < 100; piece++) {
			all += this.unsent.pieceLength();
			this.unsent.pieceBegun();
		}
		assertThat(all).isBetween(400_000, 600_000);
		for (int piece = 0; piece < 100; piece++) {
			this.unsent.pieceEnded();
		}
		assertThat(this.unsent.pieceLength()).isEqualTo(UnsentData.MAX_PIECE);
	}

	@Test
	void smallPartsAddUp() {
		for (int part = 0; part < 20; part++) {
			this.unsent.add(0, LIMIT / 10);
		}
		assertThat(this.unsent.hasRoom()).isFalse();
	}

	@Test
	void whatIsSentAgainTakesNothingAway() {
		given(this.stats.sentBytes()).willReturn(5 * LIMIT);
		given(this.stats.streamRetransBytes()).willReturn(5 * LIMIT);
		this.unsent.add(0, 2 * LIMIT);
		assertThat(this.unsent.hasRoom()).isFalse();
	}

	@Test
	void goesOnWhenEnoughWasSent() {
		this.unsent.add(0, 3 * LIMIT);
		passTime();
		verify(this.owner, never()).mayWrite();
		given(this.stats.sentBytes()).willReturn(2 * LIMIT);
		passTime();
		verify(this.owner).mayWrite();
		assertThat(this.unsent.hasRoom()).isTrue();
	}

	@Test
	void waitsAsLongAsNothingIsSent() {
		// A channel of which nothing is known may have something in flight
		this.unsent.add(0, 3 * LIMIT);
		for (int check = 0; check < 100; check++) {
			passTime();
		}
		verify(this.owner, never()).mayWrite();
		assertThat(this.unsent.hasRoom()).isFalse();
	}

	@Test
	void countsWhatItHoldsForAllConnections() {
		this.unsent.add(0, LIMIT);
		assertThat(this.budget.held()).isEqualTo(LIMIT);
		given(this.stats.sentBytes()).willReturn(LIMIT);
		passTime();
		assertThat(this.budget.held()).isZero();
		assertThat(this.unsent.hasRoom()).isTrue();
	}

	@Test
	void thereIsLittleRoomWhileAllConnectionsTogetherHoldTooMuch() {
		MemoryBudget.Share others = this.budget.open(() -> {
		});
		others.hold(101 * LIMIT);
		this.unsent.add(0, LIMIT / 5);
		assertThat(this.unsent.hasRoom()).isTrue();
		this.unsent.add(0, LIMIT / 5);
		assertThat(this.unsent.hasRoom()).isFalse();
		passTime();
		verify(this.owner, never()).mayWrite();
		others.hold(0);
		passTime();
		verify(this.owner).mayWrite();
		assertThat(this.unsent.hasRoom()).isTrue();
	}

	@Test
	void countsWhatWasSentAndNotAcknowledged() {
		sendWithWindow(20 * LIMIT);
		assertThat(this.budget.held()).isEqualTo(10 * LIMIT);
		assertThat(this.unsent.hasRoom()).isTrue();
	}

	@Test
	void countsNoMoreInFlightThanTheCongestionWindow() {
		sendWithWindow(3 * LIMIT);
		assertThat(this.budget.held()).isEqualTo(3 * LIMIT);
	}

	@Test
	void thereIsLittleRoomWhileTooMuchIsInFlight() {
		holdElsewhere(91 * LIMIT);
		sendWithWindow(20 * LIMIT);
		assertThat(this.unsent.hasRoom()).isFalse();
	}

	@Test
	void goesOnWhenOthersHaveLessInFlight() {
		MemoryBudget.Share others = holdElsewhere(91 * LIMIT);
		sendWithWindow(20 * LIMIT);
		passTime();
		verify(this.owner, never()).mayWrite();
		others.hold(0);
		passTime();
		verify(this.owner).mayWrite();
	}

	@Test
	void isGivenUpWhenNothingIsAcknowledgedAndTooMuchIsHeld() {
		holdElsewhere(91 * LIMIT).spare(true);
		sendWithWindow(20 * LIMIT);
		passTime(Duration.ofSeconds(5));
		verify(this.owner, never()).neverAcknowledged();
		passTime(Duration.ofSeconds(1));
		verify(this.owner).neverAcknowledged();
	}

	@Test
	void isKeptWhileSomethingIsAcknowledged() {
		holdElsewhere(91 * LIMIT).spare(true);
		sendWithWindow(20 * LIMIT);
		for (int second = 0; second < 20; second++) {
			given(this.path.rtt()).willReturn(1000L + second);
			passTime(Duration.ofSeconds(1));
		}
		verify(this.owner, never()).neverAcknowledged();
		assertThat(this.budget.isExceeded()).isTrue();
	}

	@Test
	void isKeptWhileThereIsRoomForAll() {
		sendWithWindow(20 * LIMIT);
		for (int second = 0; second < 20; second++) {
			passTime(Duration.ofSeconds(1));
		}
		verify(this.owner, never()).neverAcknowledged();
		assertThat(this.budget.held()).isEqualTo(10 * LIMIT);
	}

	@Test
	void holdsNothingWhenItIsCancelled() {
		this.unsent.add(0, 3 * LIMIT);
		this.unsent.cancel();
		assertThat(this.budget.held()).isZero();
	}

	@Test
	void looksNoMoreWhenItIsCancelled() {
		this.unsent.add(0, 3 * LIMIT);
		this.unsent.cancel();
		given(this.stats.sentBytes()).willReturn(3 * LIMIT);
		passTime();
		verify(this.owner, never()).mayWrite();
	}

	/**
	 * Send ten times the limit and leave none of it unsent.
	 */
	private void sendWithWindow(long window) {
		given(this.stats.pathsCount()).willReturn(1L);
		given(this.channel.collectPathStats(0))
			.willReturn(ImmediateEventExecutor.INSTANCE.newSucceededFuture(this.path));
		given(this.path.active()).willReturn(true);
		given(this.path.rtt()).willReturn(100L);
		given(this.path.cwnd()).willReturn(window);
		given(this.stats.sentBytes()).willReturn(10 * LIMIT);
		this.unsent.add(0, 10 * LIMIT);
	}

	private MemoryBudget.Share holdElsewhere(long bytes) {
		MemoryBudget.Share others = this.budget.open(mock());
		others.hold(bytes);
		return others;
	}

	private void passTime() {
		passTime(Duration.ofMillis(10));
	}

	private void passTime(Duration time) {
		this.nanoTime += time.toNanos();
		this.loop.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
		this.loop.runScheduledPendingTasks();
		this.loop.runPendingTasks();
	}

}
