package io.github.http3spring.netty.stack;

import java.time.Duration;

import io.netty.incubator.codec.quic.QuicChannel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link QuicheTimers} with a channel that has ended, whose native connection
 * was freed: nothing may reach for that.
 */
class QuicheTimersTests {

	private final QuicChannel ended = mock();

	@Test
	void somethingMayBeInFlight() {
		assertThat(QuicheTimers.isInFlight(this.ended, Duration.ofSeconds(1))).isTrue();
	}

	@Test
	void noTimerIsRunning() {
		assertThat(QuicheTimers.timeout(this.ended)).isGreaterThan(Duration.ofDays(365));
		assertThat(QuicheTimers.takeTimeout(this.ended)).isGreaterThan(Duration.ofDays(365));
		assertThat(QuicheTimers.isProbeDue(this.ended)).isFalse();
	}

}
