package io.github.http3spring.netty.request;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.incubator.codec.quic.QuicChannel;
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

	private final QuicChannel channel = mock();

	private final Runnable resumption = mock();

	private final MemoryBudget budget = new MemoryBudget(100 * LIMIT);

	private final UnsentData unsent = new UnsentData(this.channel, Duration.ofSeconds(30), LIMIT, this.budget,
			this.resumption);

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
			this.unsent.add(LIMIT);
			assertThat(this.unsent.hasRoom()).isTrue();
		}
	}

	@Test
	void thereIsNoRoomForMoreThanTheLimit() {
		this.unsent.add(LIMIT);
		assertThat(this.unsent.hasRoom()).isTrue();
		this.unsent.add(LIMIT / 2);
		assertThat(this.unsent.hasRoom()).isFalse();
	}

	@Test
	void smallPartsAddUp() {
		for (int part = 0; part < 20; part++) {
			this.unsent.add(LIMIT / 10);
		}
		assertThat(this.unsent.hasRoom()).isFalse();
	}

	@Test
	void whatIsSentAgainTakesNothingAway() {
		given(this.stats.sentBytes()).willReturn(5 * LIMIT);
		given(this.stats.streamRetransBytes()).willReturn(5 * LIMIT);
		this.unsent.add(2 * LIMIT);
		assertThat(this.unsent.hasRoom()).isFalse();
	}

	@Test
	void goesOnWhenEnoughWasSent() {
		this.unsent.add(3 * LIMIT);
		passTime();
		verify(this.resumption, never()).run();
		given(this.stats.sentBytes()).willReturn(2 * LIMIT);
		passTime();
		verify(this.resumption).run();
		assertThat(this.unsent.hasRoom()).isTrue();
	}

	@Test
	void waitsAsLongAsNothingIsSent() {
		// A channel of which nothing is known may have something in flight
		this.unsent.add(3 * LIMIT);
		for (int check = 0; check < 100; check++) {
			passTime();
		}
		verify(this.resumption, never()).run();
		assertThat(this.unsent.hasRoom()).isFalse();
	}

	@Test
	void countsWhatItHoldsForAllConnections() {
		this.unsent.add(LIMIT);
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
		this.unsent.add(LIMIT / 5);
		assertThat(this.unsent.hasRoom()).isTrue();
		this.unsent.add(LIMIT / 5);
		assertThat(this.unsent.hasRoom()).isFalse();
		passTime();
		verify(this.resumption, never()).run();
		others.hold(0);
		passTime();
		verify(this.resumption).run();
		assertThat(this.unsent.hasRoom()).isTrue();
	}

	@Test
	void holdsNothingWhenItIsCancelled() {
		this.unsent.add(3 * LIMIT);
		this.unsent.cancel();
		assertThat(this.budget.held()).isZero();
	}

	@Test
	void looksNoMoreWhenItIsCancelled() {
		this.unsent.add(3 * LIMIT);
		this.unsent.cancel();
		given(this.stats.sentBytes()).willReturn(3 * LIMIT);
		passTime();
		verify(this.resumption, never()).run();
	}

	private void passTime() {
		this.loop.advanceTimeBy(10, TimeUnit.MILLISECONDS);
		this.loop.runScheduledPendingTasks();
	}

}
