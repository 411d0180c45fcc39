package io.github.http3spring.netty.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import io.netty.incubator.codec.quic.QuicChannel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link GradualRelease}.
 */
class GradualReleaseTests {

	private final ScheduledTasks tasks = new ScheduledTasks();

	private final QuicChannel channel = mock();

	private final List<Long> discarded = new ArrayList<>();

	private int freed;

	private long now;

	private long nanosOfStream;

	@BeforeEach
	void setUp() {
		given(this.channel.isOpen()).willReturn(true);
		given(this.channel.eventLoop()).willReturn(this.tasks.eventLoop());
	}

	@Test
	void allStreamsAreDiscardedAndThenTheRestIsFreed() {
		begin(8, 3);
		assertThat(this.discarded).startsWith(0L, 4L, 8L, 12L, 16L).doesNotContain(20L).contains(2L, 6L, 14L, 18L);
		assertThat(this.freed).isEqualTo(1);
		assertThat(this.tasks.waiting()).isEmpty();
	}

	@Test
	void requestsOfWhichNothingIsKnownAreLookedForAroundTheNextOne() {
		begin(4_000_000, 2);
		assertThat(this.discarded).startsWith(3_999_992L, 3_999_996L, 4_000_000L, 4_000_004L);
	}

	@Test
	void othersHaveTheirTurnsWhenTheTimeIsOver() {
		this.nanosOfStream = GradualRelease.MAX_TURN.toNanos() / 2;
		begin(0, 5);
		assertThat(this.discarded).containsExactly(0L, 4L);
		assertThat(this.freed).isZero();
		runTask();
		assertThat(this.discarded).containsExactly(0L, 4L, 8L, 12L);
		while (!this.tasks.waiting().isEmpty()) {
			runTask();
		}
		assertThat(this.freed).isEqualTo(1);
	}

	@Test
	void streamThatTakesLongIsTheOnlyOneOfItsTurn() {
		this.nanosOfStream = 20 * GradualRelease.MAX_TURN.toNanos();
		begin(0, 5);
		assertThat(this.discarded).containsExactly(0L);
		runTask();
		assertThat(this.discarded).containsExactly(0L, 4L);
	}

	@Test
	void nothingIsDiscardedOfAConnectionThatHasEndedMeanwhile() {
		this.nanosOfStream = GradualRelease.MAX_TURN.toNanos();
		begin(0, 5);
		given(this.channel.isOpen()).willReturn(false);
		runTask();
		assertThat(this.discarded).containsExactly(0L);
		assertThat(this.tasks.waiting()).isEmpty();
	}

	@Test
	void settingOfVeryManyRequestsTakesNoLonger() {
		begin(0, Long.MAX_VALUE);
		assertThat(this.discarded).hasSizeLessThan(2000).contains(4000L);
		assertThat(this.freed).isEqualTo(1);
	}

	@Test
	void noStreamIsDiscardedTwice() {
		begin(400, 100);
		assertThat(this.discarded).doesNotHaveDuplicates()
			.containsAll(LongStream.range(0, 200).map((number) -> 4 * number).boxed().toList());
	}

	private void begin(long nextStreamId, long maxRequests) {
		new GradualRelease(this.channel, nextStreamId, maxRequests, new PutOffWork(() -> this.now), (streamId) -> {
			this.discarded.add(streamId);
			this.now += this.nanosOfStream;
		}, () -> this.freed++, () -> this.now).takeTurn();
	}

	private void runTask() {
		assertThat(this.tasks.waiting()).hasSize(1);
		this.tasks.waiting().remove().run();
	}

}
