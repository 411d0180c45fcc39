package io.github.http3spring.netty.connection;

import java.util.HashSet;
import java.util.Set;

import io.github.http3spring.netty.stack.QuicheStreams;
import io.netty.incubator.codec.quic.QuicChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.MockedStatic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.times;

/**
 * Tests for {@link UnacknowledgedStreams}.
 */
class UnacknowledgedStreamsTests {

	private static final int ERROR = 0x10c;

	private final MockedStatic<QuicheStreams> quiche = mockStatic(QuicheStreams.class);

	private final QuicChannel channel = mock();

	private final Set<Long> finished = new HashSet<>();

	private final UnacknowledgedStreams streams = new UnacknowledgedStreams(this.channel);

	@BeforeEach
	void connect() {
		given(this.channel.isOpen()).willReturn(true);
		this.quiche.when(() -> QuicheStreams.isFinished(any(), anyLong()))
			.thenAnswer((invocation) -> this.finished.contains(invocation.<Long>getArgument(1)));
	}

	@AfterEach
	void release() {
		this.quiche.close();
	}

	@Test
	void streamCountsUntilTheTransportIsDoneWithIt() {
		assertThat(this.streams.count()).isZero();
		this.streams.add(0);
		this.streams.add(4);
		assertThat(this.streams.count()).isEqualTo(2);
		this.finished.add(0L);
		assertThat(this.streams.count()).isOne();
		this.finished.add(4L);
		assertThat(this.streams.count()).isZero();
	}

	@Test
	void noStreamIsForgottenHoweverManyThereAre() {
		for (long streamId = 0; streamId < 4000; streamId += 4) {
			this.streams.add(streamId);
		}
		assertThat(this.streams.count()).isEqualTo(1000);
	}

	@Test
	void requestCostsAboutOneLookAtTheTransport() {
		for (long streamId = 0; streamId < 4000; streamId += 4) {
			this.streams.add(streamId);
			this.finished.add(streamId);
		}
		this.quiche.verify(() -> QuicheStreams.isFinished(any(), anyLong()), times(992));
	}

	@Test
	void whatWasLastSeenOfAConnectionIsTheTruthWhenItHasEnded() {
		this.streams.add(0);
		given(this.channel.isOpen()).willReturn(false);
		this.finished.add(0L);
		assertThat(this.streams.count()).isOne();
	}

	@Test
	void onlyStoppedStreamsAreUncertain() {
		assertThat(this.streams.isUncertain()).isFalse();
		this.streams.add(0);
		assertThat(this.streams.isUncertain()).isFalse();
		this.streams.addStopped(0);
		assertThat(this.streams.isUncertain()).isTrue();
		this.streams.add(4);
		assertThat(this.streams.isUncertain()).isFalse();
		this.finished.add(4L);
		assertThat(this.streams.isUncertain()).isTrue();
		this.finished.add(0L);
		assertThat(this.streams.isUncertain()).isFalse();
	}

	@Test
	void onlyStreamsThatAreNotDoneAreReset() {
		this.streams.add(0);
		this.streams.add(4);
		this.finished.add(0L);
		this.streams.reset(ERROR);
		this.quiche.verify(() -> QuicheStreams.reset(this.channel, 4, ERROR));
		this.quiche.verify(() -> QuicheStreams.reset(any(), anyLong(), anyInt()), times(1));
	}

}
