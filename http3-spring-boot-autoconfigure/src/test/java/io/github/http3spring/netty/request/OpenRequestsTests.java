package io.github.http3spring.netty.request;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.netty.EmbeddedQuicStream;
import io.github.http3spring.netty.protocol.Priority;
import io.github.http3spring.netty.settings.ServerLimits;
import io.github.http3spring.netty.stack.QuicheStreams;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QuicChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.MockedStatic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link OpenRequests}.
 */
class OpenRequestsTests {

	private final MockedStatic<QuicheStreams> quiche = mockStatic(QuicheStreams.class);

	private final EmbeddedChannel loop = new EmbeddedChannel();

	private final QuicChannel connection = mock();

	private final ServerLimits limits = mock();

	private final RequestOwner owner = mock();

	private long now = -5;

	private OpenRequests requests;

	@BeforeEach
	void connect() {
		this.loop.freezeTime();
		given(this.connection.eventLoop()).willReturn(this.loop.eventLoop());
		given(this.connection.isOpen()).willReturn(true);
		given(this.owner.headersTime()).willReturn(null);
		given(this.limits.requestTimeout()).willReturn(null);
		given(this.limits.maxHeaderSize()).willReturn(1000L);
		given(this.limits.maxRequests()).willReturn(2L);
		this.requests = new OpenRequests(this.owner, this.limits, this.connection, () -> this.now);
	}

	@AfterEach
	void release() {
		this.quiche.close();
	}

	@Test
	void requestIsOpenUntilItIsRemoved() {
		assertThat(this.requests.count()).isZero();
		open(0);
		open(4);
		assertThat(this.requests.count()).isEqualTo(2);
		assertThat(this.requests.stream()).hasSize(2);
		assertThat(this.requests.remove(4)).isTrue();
		assertThat(this.requests.remove(4)).isFalse();
		assertThat(this.requests.count()).isOne();
	}

	@Test
	void requestThatTheClientDoesNotWantAnsweredIsGivenUpWithinASecond() {
		EmbeddedQuicStream stopped = open(0);
		EmbeddedQuicStream other = open(4);
		this.quiche.when(() -> QuicheStreams.isStopped(this.connection, 0)).thenReturn(true);
		passMillis(999);
		assertThat(stopped.isOpen()).isTrue();
		passMillis(1);
		assertThat(stopped.resets()).containsExactly(Http3ErrorCode.H3_REQUEST_CANCELLED.code());
		assertThat(stopped.isOpen()).isFalse();
		assertThat(other.isOpen()).isTrue();
		verify(this.owner).requestAbandoned();
	}

	@Test
	void requestThatSomebodyWaitsForInVainIsEndedAfterItsTimeout() {
		given(this.limits.requestTimeout()).willReturn(Duration.ofMillis(400));
		EmbeddedQuicStream stream = open(0);
		stream.read();
		passMillis(399);
		assertThat(stream.isOpen()).isTrue();
		passMillis(1);
		assertThat(stream.resets()).containsExactly(Http3ErrorCode.H3_REQUEST_CANCELLED.code());
		verify(this.owner, never()).requestAbandoned();
	}

	@Test
	void requestWithoutATimeoutMayTakeAnyTime() {
		EmbeddedQuicStream stream = open(0);
		stream.read();
		for (int second = 0; second < 100; second++) {
			passMillis(1000);
		}
		assertThat(stream.isOpen()).isTrue();
		assertThat(this.requests.count()).isOne();
	}

	@Test
	void incompleteHeaderSectionIsRejectedWhenTheShutdownWaitsForNothingElse() {
		EmbeddedQuicStream stream = open(0);
		given(this.owner.headersTime()).willReturn(Duration.ofSeconds(3));
		passMillis(3000);
		assertThat(stream.isOpen()).isTrue();
		passMillis(1000);
		assertThat(stream.resets()).containsExactly(Http3ErrorCode.H3_REQUEST_REJECTED.code());
	}

	@Test
	void endThatNobodyReadsIsRead() {
		EmbeddedQuicStream stream = open(0);
		stream.config().setAutoRead(false);
		passMillis(1000);
		this.quiche.verify(() -> QuicheStreams.isAtEnd(this.connection, 0), times(1));
		assertThat(stream.isOpen()).isTrue();
	}

	@Test
	void priorityIsThatOfAnOpenRequestOrWaitsForIt() {
		open(0);
		Priority priority = Priority.parse("u=1");
		assertThat(this.requests.updatePriority(0, priority, 4)).isNull();
		this.quiche.verify(() -> QuicheStreams.prioritize(this.connection, 0, 1, false));
		assertThat(this.requests.updatePriority(4, priority, 4)).isNull();
		open(4);
		this.quiche.verify(() -> QuicheStreams.prioritize(this.connection, 4, 1, false));
		assertThat(this.requests.updatePriority(16, priority, 8)).isEqualTo(Http3ErrorCode.H3_ID_ERROR);
	}

	@Test
	void nobodyLooksWhereNoRequestIsOpen() {
		open(0);
		assertThat(isScheduled()).isTrue();
		this.requests.remove(0);
		passMillis(1000);
		assertThat(isScheduled()).isFalse();
		open(4);
		assertThat(isScheduled()).isTrue();
	}

	@Test
	void nobodyLooksAtAConnectionThatHasEnded() {
		open(0);
		assertThat(isScheduled()).isTrue();
		given(this.connection.isOpen()).willReturn(false);
		passMillis(1000);
		assertThat(isScheduled()).isFalse();
	}

	@Test
	void cancelledCheckIsNotMade() {
		open(0);
		assertThat(isScheduled()).isTrue();
		this.requests.cancelCheck();
		assertThat(isScheduled()).isFalse();
		passMillis(1000);
		this.quiche.verify(() -> QuicheStreams.isStopped(this.connection, 0), never());
	}

	@Test
	void allRequestsAreCutOffAtTheDeadlineOrWithTheirConnection() {
		EmbeddedQuicStream first = open(0);
		EmbeddedQuicStream second = open(4);
		this.requests.expire();
		assertThat(first.resets()).containsExactly(Http3ErrorCode.H3_REQUEST_CANCELLED.code());
		assertThat(second.isOpen()).isFalse();
		EmbeddedQuicStream third = open(8);
		this.requests.cancel();
		assertThat(third.resets()).containsExactly(Http3ErrorCode.H3_REQUEST_CANCELLED.code());
	}

	private boolean isScheduled() {
		return this.loop.runScheduledPendingTasks() >= 0;
	}

	private EmbeddedQuicStream open(long streamId) {
		EmbeddedQuicStream stream = new EmbeddedQuicStream(this.connection, streamId);
		this.requests.open(stream);
		return stream;
	}

	private void passMillis(long millis) {
		this.now += TimeUnit.MILLISECONDS.toNanos(millis);
		this.loop.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
		this.loop.runScheduledPendingTasks();
	}

}
