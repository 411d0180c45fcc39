package io.github.http3spring.netty.connection;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.netty.stack.QuicheStreams;
import io.github.http3spring.netty.stack.QuicheTimers;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.MockedStatic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;

/**
 * Tests for {@link ResponseDelivery} on a path whose round-trip time is not known: 333
 * ms, with 20 ms between two looks.
 */
class ResponseDeliveryTests {

	private static final Duration LINGER = Duration.ofSeconds(5);

	private final MockedStatic<QuicheStreams> streams = mockStatic(QuicheStreams.class);

	private final MockedStatic<QuicheTimers> timers = mockStatic(QuicheTimers.class);

	private final EmbeddedChannel loop = new EmbeddedChannel();

	private final QuicChannel channel = mock();

	private final Set<Long> acknowledged = new HashSet<>();

	private boolean inFlight;

	private long now = -5;

	private final ResponseDelivery delivery = new ResponseDelivery(this.channel, Duration.ofSeconds(30), LINGER,
			() -> this.now);

	private int delivered;

	@BeforeEach
	void connect() {
		this.loop.freezeTime();
		given(this.channel.eventLoop()).willReturn(this.loop.eventLoop());
		given(this.channel.isOpen()).willReturn(true);
		given(this.channel.collectStats())
			.willReturn(ImmediateEventExecutor.INSTANCE.newFailedFuture(new IllegalStateException()));
		this.streams.when(() -> QuicheStreams.isFinished(any(), anyLong()))
			.thenAnswer((invocation) -> this.acknowledged.contains(invocation.<Long>getArgument(1)));
		this.timers.when(() -> QuicheTimers.isInFlight(any(), any())).thenAnswer((invocation) -> this.inFlight);
	}

	@AfterEach
	void release() {
		this.streams.close();
		this.timers.close();
	}

	@Test
	void nothingIsDeliveredInTheSameTask() {
		this.delivery.await(this::deliver);
		assertThat(this.delivered).isZero();
		passMillis(19);
		assertThat(this.delivered).isZero();
		passMillis(1);
		assertThat(this.delivered).isOne();
	}

	@Test
	void responseIsWaitedForForAsLongAsItIsNotAcknowledged() {
		send(0, 1);
		this.delivery.await(this::deliver);
		passMillis(60_000);
		assertThat(this.delivered).isZero();
		assertThat(this.delivery.undelivered()).isOne();
		this.acknowledged.add(0L);
		passMillis(20);
		assertThat(this.delivered).isOne();
		assertThat(this.delivery.undelivered()).isZero();
	}

	@Test
	void goAwayThatIsNotAcknowledgedIsGivenUpAfterFiveSeconds() {
		this.inFlight = true;
		this.delivery.await(this::deliver);
		passMillis(5000);
		assertThat(this.delivered).isZero();
		passMillis(20);
		assertThat(this.delivered).isOne();
	}

	@Test
	void goAwayThatIsAcknowledgedIsWaitedForNoLonger() {
		this.inFlight = true;
		this.delivery.await(this::deliver);
		passMillis(1000);
		this.inFlight = false;
		passMillis(20);
		assertThat(this.delivered).isOne();
	}

	@Test
	void responseWhoseEndTheTransportDoesNotTellIsDeliveredWhenNothingIsInFlight() {
		send(0, 1);
		this.delivery.requestStopped(0);
		this.inFlight = true;
		this.delivery.await(this::deliver);
		passMillis(10_000);
		assertThat(this.delivered).isZero();
		this.inFlight = false;
		passMillis(20);
		assertThat(this.delivered).isOne();
	}

	@Test
	void clientHasTimeToReadWhatItHasAcknowledged() {
		this.acknowledged.add(0L);
		send(0, 1 << 20);
		this.delivery.await(this::deliver);
		passMillis(1980);
		assertThat(this.delivered).isZero();
		passMillis(40);
		assertThat(this.delivered).isOne();
	}

	@Test
	void knownPaceOfAClientTakesTheGuessesPlace() {
		this.acknowledged.add(0L);
		this.delivery.responseSent(0, 1 << 20, Duration.ofSeconds(8));
		assertThat(this.delivery.readingTime()).isEqualTo(Duration.ofMillis(10_100));
		this.delivery.await(this::deliver);
		passMillis(10_080);
		assertThat(this.delivered).isZero();
		passMillis(20);
		assertThat(this.delivered).isOne();
	}

	@Test
	void nothingIsDeliveredAfterACancel() {
		this.delivery.await(this::deliver);
		this.delivery.cancel();
		passMillis(1000);
		assertThat(this.delivered).isZero();
		assertThat(this.loop.runScheduledPendingTasks()).isNegative();
	}

	@Test
	void secondWaitTakesTheFirstOnesPlace() {
		this.delivery.await(() -> this.delivered += 10);
		this.delivery.await(this::deliver);
		passMillis(20);
		assertThat(this.delivered).isOne();
	}

	@Test
	void whatIsOnItsWayIsReset() {
		send(0, 1);
		this.delivery.reset(0x10c);
		this.streams.verify(() -> QuicheStreams.reset(this.channel, 0, 0x10c));
	}

	private void send(long streamId, long bytes) {
		this.delivery.responseSent(streamId, bytes, null);
	}

	private void deliver() {
		this.delivered++;
	}

	private void passMillis(long millis) {
		long step = Math.min(millis, 20);
		for (long passed = 0; passed < millis; passed += step) {
			step = Math.min(step, millis - passed);
			this.now += TimeUnit.MILLISECONDS.toNanos(step);
			this.loop.advanceTimeBy(step, TimeUnit.MILLISECONDS);
			this.loop.runScheduledPendingTasks();
		}
	}

}
