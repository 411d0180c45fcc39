package io.github.http3spring.netty.udp;

import java.time.Duration;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RateLimit}.
 */
class RateLimitTests {

	private long now = Duration.ofSeconds(10).toNanos();

	private final RateLimit limit = new RateLimit(3, () -> this.now);

	@Test
	void admitsTheMaximumInEachSecond() {
		assertThat(admitted(10)).isEqualTo(3);
		this.now += Duration.ofMillis(999).toNanos();
		assertThat(admitted(10)).isZero();
		this.now += Duration.ofMillis(1).toNanos();
		assertThat(admitted(10)).isEqualTo(3);
	}

	@Test
	void secondIsNoLongerWhereTheClockPassesZero() {
		this.now = -Duration.ofMillis(500).toNanos();
		assertThat(admitted(10)).isEqualTo(3);
		this.now = Duration.ofMillis(499).toNanos();
		assertThat(admitted(10)).isZero();
		this.now = Duration.ofMillis(500).toNanos();
		assertThat(admitted(10)).isEqualTo(3);
	}

	@Test
	void zeroIsNoLimit() {
		RateLimit none = new RateLimit(0, () -> this.now);
		assertThat(IntStream.range(0, 1000)).allMatch((number) -> none.admits());
	}

	private long admitted(int events) {
		return IntStream.range(0, events).filter((number) -> this.limit.admits()).count();
	}

}
