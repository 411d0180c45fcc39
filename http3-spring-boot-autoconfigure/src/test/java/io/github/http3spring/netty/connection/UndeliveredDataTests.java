package io.github.http3spring.netty.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.netty.connection.UndeliveredData.Judgement;
import io.github.http3spring.netty.request.MemoryBudget;
import io.github.http3spring.netty.settings.ReceiveLimits;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionPathStats;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

/**
 * Tests for {@link UndeliveredData}.
 */
class UndeliveredDataTests {

	private static final long KIBIBYTE = 1024;

	private static final long WINDOW = 512 * KIBIBYTE;

	private static final long MAXIMUM = 8192 * KIBIBYTE;

	private static final ReceiveLimits LIMITS = new ReceiveLimits(MAXIMUM, WINDOW, WINDOW / 2, Duration.ofSeconds(60));

	private final EmbeddedChannel loop = new EmbeddedChannel();

	private final QuicConnectionStats stats = mock(withSettings().stubOnly());

	private final QuicChannel channel = mock(withSettings().stubOnly());

	private final MemoryBudget budget = new MemoryBudget(2 * MAXIMUM);

	private final List<Judgement> judgements = new ArrayList<>();

	private long delivered;

	private final UndeliveredData data = new UndeliveredData(this.channel, LIMITS, this.budget, () -> this.delivered,
			() -> this.now, this.judgements::add);

	private long now;

	private long bytes;

	private long packets;

	private long sent;

	private long lost;

	@BeforeEach
	void freezeTime() {
		this.loop.freezeTime();
		given(this.stats.recv()).willAnswer((invocation) -> this.packets);
		given(this.stats.recvBytes()).willAnswer((invocation) -> this.bytes);
		given(this.stats.sent()).willAnswer((invocation) -> this.sent);
		given(this.stats.sentBytes()).willAnswer((invocation) -> 1200 * this.sent);
		given(this.stats.lost()).willAnswer((invocation) -> this.lost);
		given(this.channel.eventLoop()).willReturn(this.loop.eventLoop());
		given(this.channel.collectStats()).willReturn(ImmediateEventExecutor.INSTANCE.newSucceededFuture(this.stats));
	}

	@Test
	void uploadThatIsReadHoldsNothing() {
		for (int round = 0; round < 1000; round++) {
			receive(30, 1200);
			this.delivered += 30 * 1150;
			this.data.look();
		}
		assertThat(this.judgements).isEmpty();
		assertThat(this.budget.held()).isZero();
	}

	/**
	 * The more is lost, the more gaps each of them lists.
	 */
	@ParameterizedTest
	@CsvSource({ "200, 0, 60", "100, 40, 220" })
	void acknowledgementsOfDownloadsHoldNothing(int sent, int lost, int size) {
		for (int round = 0; round < 1000; round++) {
			this.sent += sent;
			this.lost += lost;
			receive(100, size);
			this.data.look();
		}
		assertThat(this.judgements).isEmpty();
		assertThat(this.budget.held()).isZero();
	}

	@Test
	void smallPacketsAreNoAcknowledgementsOfWhatWasNotSent() {
		for (int round = 0; round < 1000; round++) {
			this.sent++;
			receive(100, 64);
			this.data.look();
		}
		assertThat(this.judgements).contains(Judgement.EXCESSIVE);
	}

	@Test
	void nothingIsAnAcknowledgementThatLeavesTheRoundTripTimeAsItIs() {
		acknowledgeNothing();
		for (int round = 0; round < 1000; round++) {
			this.sent += 100;
			receive(100, 40);
			this.data.look();
		}
		assertThat(this.judgements).contains(Judgement.EXCESSIVE);
	}

	@Test
	void packetsThatWereSentAndOfWhichNoneIsAcknowledgedCount() {
		acknowledgeNothing();
		this.data.look();
		receive(1000, 30);
		this.data.look();
		assertThat(this.budget.held()).isEqualTo(1000 * 30 + 100 * UndeliveredData.UNACKNOWLEDGED_PACKET);
		assertThat(this.judgements).isEmpty();
		for (int round = 0; round < 10; round++) {
			this.sent += 1000;
			receive(1000, 30);
			this.data.look();
		}
		assertThat(this.judgements).contains(Judgement.EXCESSIVE);
	}

	private void acknowledgeNothing() {
		QuicConnectionPathStats path = mock(withSettings().stubOnly());
		given(path.active()).willReturn(true);
		given(path.rtt()).willReturn(20_000_000L);
		given(this.stats.pathsCount()).willReturn(1L);
		given(this.channel.collectPathStats(0)).willReturn(ImmediateEventExecutor.INSTANCE.newSucceededFuture(path));
	}

	@Test
	void uploadThatNobodyReadsMayFillItsWindow() {
		receive(480, 1200);
		this.data.look();
		assertThat(this.judgements).isEmpty();
		assertThat(this.budget.held()).isBetween(WINDOW, 480 * 1200L);
		this.delivered += 480 * 1150;
		this.data.look();
		assertThat(this.budget.held()).isZero();
	}

	@Test
	void moreThanTheCreditOfTheClientIsExcessive() {
		receive(1000, 1200);
		this.data.look();
		assertThat(this.judgements).containsExactly(Judgement.EXCESSIVE);
	}

	@Test
	void creditGrowsWithWhatIsRead() {
		this.delivered += 1000 * KIBIBYTE;
		receive(4000, 1200);
		this.data.look();
		assertThat(this.judgements).isEmpty();
	}

	@Test
	void requestsThatAreAnsweredBeforeTheirEndMayBeDiscarded() {
		for (int request = 0; request < 6; request++) {
			this.data.requestNotReceived();
		}
		receive(2000, 1200);
		this.data.look();
		assertThat(this.judgements).isEmpty();
	}

	@Test
	void halfOfTheMaximumIsMuchAndMoreThanAllOfItExcessive() {
		this.delivered += 100_000 * KIBIBYTE;
		receive(95_000, 1200);
		this.data.look();
		receive(2500, 1200);
		this.data.look();
		assertThat(this.judgements).isEmpty();
		receive(4000, 1200);
		this.data.look();
		receive(4000, 1200);
		this.data.look();
		assertThat(this.judgements).containsOnly(Judgement.MUCH, Judgement.EXCESSIVE).endsWith(Judgement.EXCESSIVE);
	}

	@Test
	void whatIsNotReadForLongLingers() {
		receive(200, 1200);
		this.data.look();
		for (int second = 1; second <= 60; second++) {
			passSecond();
		}
		assertThat(this.judgements).isEmpty();
		passSecond();
		assertThat(this.judgements).containsExactly(Judgement.LINGERING);
	}

	@Test
	void whatIsReadLingersNoMore() {
		receive(200, 1200);
		this.data.look();
		this.delivered += 200 * 1150;
		for (int second = 1; second <= 70; second++) {
			passSecond();
		}
		assertThat(this.judgements).isEmpty();
		assertThat(this.budget.held()).isZero();
	}

	@Test
	void theOneThatHoldsMostIsGivenUpWhenAllHoldTooMuch() {
		MemoryBudget.Share other = this.budget.open(() -> {
		});
		receive(200, 1200);
		this.data.look();
		other.hold(2 * MAXIMUM);
		this.budget.relieve();
		this.loop.runPendingTasks();
		assertThat(this.judgements).isEmpty();
		other.hold(KIBIBYTE);
		MemoryBudget.Share[] others = new MemoryBudget.Share[200];
		for (int index = 0; index < others.length; index++) {
			others[index] = this.budget.open(() -> {
			});
			others[index].hold(100 * KIBIBYTE);
		}
		this.budget.relieve();
		this.loop.runPendingTasks();
		assertThat(this.judgements).containsExactly(Judgement.BUDGET_EXCEEDED);
	}

	@Test
	void holdsNothingWhenItIsCancelled() {
		receive(200, 1200);
		this.data.look();
		assertThat(this.budget.held()).isPositive();
		this.data.cancel();
		assertThat(this.budget.held()).isZero();
		receive(200, 1200);
		this.data.look();
		passSecond();
		assertThat(this.budget.held()).isZero();
		assertThat(this.judgements).isEmpty();
	}

	private void receive(int packets, int size) {
		this.packets += packets;
		this.bytes += (long) packets * size;
		this.sent += packets / 10;
	}

	private void passSecond() {
		this.now += TimeUnit.SECONDS.toNanos(1);
		this.loop.advanceTimeBy(1, TimeUnit.SECONDS);
		this.loop.runScheduledPendingTasks();
	}

}
