package io.github.http3spring.netty.connection;

import java.util.ArrayList;
import java.util.List;

import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link RequestTurns}.
 */
class RequestTurnsTests {

	private static final int TURN = RequestTurns.MAX_PER_TURN;

	private final ScheduledTasks tasks = new ScheduledTasks();

	private final QuicChannel channel = mock();

	private final List<QuicStreamChannel> begun = new ArrayList<>();

	private final List<QuicStreamChannel> opened = new ArrayList<>();

	private final RequestTurns turns = new RequestTurns(this.channel, () -> this.turn, new PutOffWork(),
			this.begun::add);

	private int turn;

	@BeforeEach
	void setUp() {
		given(this.channel.eventLoop()).willReturn(this.tasks.eventLoop());
	}

	@Test
	void fewRequestsBeginAtOnce() {
		open(TURN);
		assertThat(this.begun).hasSize(TURN);
		this.turn++;
		open(TURN);
		assertThat(this.begun).isEqualTo(this.opened);
	}

	@Test
	void moreRequestsWaitForLaterTurnsInTheirOrder() {
		open(3 * TURN - 1);
		this.turn++;
		assertThat(this.begun).hasSize(TURN);
		takeTurn();
		assertThat(this.begun).hasSize(2 * TURN);
		takeTurn();
		assertThat(this.begun).isEqualTo(this.opened);
	}

	@Test
	void noRequestOvertakesThoseThatWait() {
		open(TURN + 1);
		this.turn++;
		open(1);
		assertThat(this.begun).hasSize(TURN);
		takeTurn();
		assertThat(this.begun).isEqualTo(this.opened);
		open(1);
		assertThat(this.begun).isEqualTo(this.opened);
	}

	@Test
	void requestsThatHaveEndedMeanwhileDoNotBegin() {
		open(TURN + 2);
		given(this.opened.get(TURN).isOpen()).willReturn(false);
		takeTurn();
		assertThat(this.begun).hasSize(TURN + 1).doesNotContain(this.opened.get(TURN));
	}

	private void open(int count) {
		for (int number = 0; number < count; number++) {
			QuicStreamChannel stream = mock();
			given(stream.isOpen()).willReturn(true);
			this.opened.add(stream);
			this.turns.open(stream);
		}
	}

	private void takeTurn() {
		this.tasks.waiting().remove().run();
	}

}
