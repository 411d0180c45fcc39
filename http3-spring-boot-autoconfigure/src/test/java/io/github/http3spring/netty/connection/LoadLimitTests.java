package io.github.http3spring.netty.connection;

import java.time.Duration;

import io.github.http3spring.netty.settings.ReceiveLimits;
import io.github.http3spring.netty.settings.ServerLimits;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

/**
 * Tests for {@link LoadLimit}.
 */
class LoadLimitTests {

	private final ConnectionEvents events = mock();

	private long now;

	private final LoadLimit limit = new LoadLimit(this.events,
			new ServerLimits(0, 100, Duration.ofSeconds(1), 1000, null, 1, 1, 2,
					new ReceiveLimits(1000, 1000, 1000, null), 1000, new ServerLimits.Memory(1000, 1000, 1000)),
			() -> this.now);

	@Test
	void eachKindOfLoadHasItsOwnLimit() {
		assertThat(this.limit.admits(ExcessiveLoad.RESETS)).isTrue();
		assertThat(this.limit.admits(ExcessiveLoad.EMPTY_FRAMES)).isTrue();
		assertThat(this.limit.admits(ExcessiveLoad.EMPTY_FRAMES)).isTrue();
		verifyNoInteractions(this.events);
		assertThat(this.limit.admits(ExcessiveLoad.RESETS)).isFalse();
		verify(this.events).excessiveLoad(ExcessiveLoad.RESETS);
		assertThat(this.limit.admits(ExcessiveLoad.EMPTY_FRAMES)).isFalse();
		verify(this.events).excessiveLoad(ExcessiveLoad.EMPTY_FRAMES);
	}

	@Test
	void nextSecondBeginsAnew() {
		assertThat(this.limit.admits(ExcessiveLoad.RESETS)).isTrue();
		assertThat(this.limit.admits(ExcessiveLoad.RESETS)).isFalse();
		this.now += Duration.ofSeconds(1).toNanos();
		assertThat(this.limit.admits(ExcessiveLoad.RESETS)).isTrue();
		verify(this.events, times(1)).excessiveLoad(ExcessiveLoad.RESETS);
	}

	@Test
	void loadNamesThePropertyThatLimitsIt() {
		assertThat(ExcessiveLoad.RESETS)
			.hasToString("more than 'connection.max-resets' requests that its client has given up in a second");
	}

}
