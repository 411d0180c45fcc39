package io.github.http3spring.netty;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ShutdownPace}.
 */
class ShutdownPaceTests {

	private static final int COUNT = 10 * ShutdownPace.WINDOW;

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private final Set<Integer> settled = new HashSet<>();

	private long now = -7;

	@Test
	void firstWindowBeginsAtOnce() {
		ShutdownPace pace = pace(Duration.ZERO);
		begin(pace, ShutdownPace.WINDOW);
		assertThat(pace.nanosUntil(ShutdownPace.WINDOW)).isPositive();
	}

	@Test
	void connectionFollowsWhenAnyOfThoseBeforeIsSettled() {
		ShutdownPace pace = pace(Duration.ZERO);
		begin(pace, ShutdownPace.WINDOW);
		this.settled.add(7);
		assertThat(pace.nanosUntil(ShutdownPace.WINDOW)).isZero();
		assertThat(pace.nanosUntil(ShutdownPace.WINDOW + 1)).isPositive();
	}

	@Test
	void clientThatDoesNotAnswerHoldsNobodyUp() {
		ShutdownPace pace = new ShutdownPace(COUNT, Duration.ZERO, LIMIT, (number) -> number > 0, () -> this.now);
		begin(pace, COUNT);
	}

	@Test
	void clientsThatDoNotAnswerHoldNobodyUpForLongerThanTheLimit() {
		ShutdownPace pace = pace(Duration.ZERO);
		begin(pace, ShutdownPace.WINDOW);
		this.now += LIMIT.dividedBy(2).toNanos();
		assertThat(pace.nanosUntil(COUNT / 2)).isZero();
		assertThat(pace.nanosUntil(COUNT / 2 + 1)).isPositive();
		this.now += LIMIT.dividedBy(2).toNanos();
		assertThat(pace.nanosUntil(COUNT - 1)).isZero();
	}

	@Test
	void connectionsAreSpreadEvenly() {
		ShutdownPace pace = pace(Duration.ofMillis(COUNT));
		assertThat(pace.nanosUntil(0)).isZero();
		assertThat(pace.nanosUntil(3)).isEqualTo(Duration.ofMillis(3).toNanos());
		this.now += Duration.ofMillis(2).toNanos();
		assertThat(pace.nanosUntil(3)).isEqualTo(Duration.ofMillis(1).toNanos());
		this.now += Duration.ofMillis(1).toNanos();
		assertThat(pace.nanosUntil(3)).isZero();
	}

	private static void begin(ShutdownPace pace, int connections) {
		for (int number = 0; number < connections; number++) {
			assertThat(pace.nanosUntil(number)).as("connection %d", number).isZero();
		}
	}

	private ShutdownPace pace(Duration spread) {
		return new ShutdownPace(COUNT, spread, LIMIT, this.settled::contains, () -> this.now);
	}

}
