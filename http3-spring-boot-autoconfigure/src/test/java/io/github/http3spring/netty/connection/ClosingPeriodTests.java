package io.github.http3spring.netty.connection;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;

import io.github.http3spring.netty.stack.PathTiming;
import io.github.http3spring.netty.stack.QuicheAccess;
import io.github.http3spring.netty.udp.AmplificationLimit;
import io.github.http3spring.netty.udp.ClosingPeriods;
import io.netty.incubator.codec.quic.QuicChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.mockito.MockedStatic;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link ClosingPeriod}.
 */
class ClosingPeriodTests {

	private static final Duration PERIOD = Duration.ofMillis(300);

	private static final Set<ByteBuffer> IDS = Set.of(ByteBuffer.wrap(new byte[] { 1, 2 }));

	private final MockedStatic<QuicheAccess> quiche = mockStatic(QuicheAccess.class);

	private final MockedStatic<PathTiming> timing = mockStatic(PathTiming.class);

	private final QuicChannel channel = mock();

	private final AmplificationLimit.Client client = mock();

	private final ClosingPeriods periods = mock();

	private final ConnectionEvents events = mock();

	private final Runnable over = mock();

	private final ClosingPeriod period = new ClosingPeriod(this.channel, this.client, this.periods, this.events,
			this.over);

	@BeforeEach
	void setUp() {
		this.quiche.when(() -> QuicheAccess.connectionIds(this.channel)).thenReturn(IDS);
		this.timing.when(() -> PathTiming.closingPeriod(this.channel)).thenReturn(PERIOD);
		given(this.client.isValidated()).willReturn(true);
	}

	@AfterEach
	void release() {
		this.quiche.close();
		this.timing.close();
	}

	@Test
	void connectionIsClosedAndItsPeriodIsKept() {
		Runnable close = mock();
		this.period.begin(close);
		ArgumentCaptor<Runnable> ended = ArgumentCaptor.captor();
		verify(this.periods).close(eq(IDS), eq(true), eq(close), eq(PERIOD), ended.capture());
		verify(this.over, never()).run();
		ended.getValue().run();
		verify(this.events).closingPeriodOver();
		verify(this.over).run();
	}

	@Test
	void connectionThatWasGoneHasNoPeriod() {
		this.period.gone();
		verify(this.over).run();
		verify(this.periods, never()).close(any(), eq(true), any(), any(), any());
	}

	@Test
	void periodThatHasBegunIsWaitedFor() {
		this.period.begin(() -> {
		});
		this.period.gone();
		verify(this.over, never()).run();
		verify(this.periods).close(eq(IDS), eq(true), any(), eq(PERIOD), any());
	}

}
