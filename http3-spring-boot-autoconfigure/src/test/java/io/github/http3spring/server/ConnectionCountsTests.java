package io.github.http3spring.server;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.http3spring.shutdown.ConnectionOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionCounts}.
 */
class ConnectionCountsTests {

	private final ConnectionCounts counts = new ConnectionCounts(100, 1, 2, 3, 4, 5, 6, 7);

	@ParameterizedTest
	@EnumSource
	void everyOutcomeIsCountedOnce(ConnectionOutcome outcome) {
		ConnectionCounts counts = ConnectionCounts.of(0, (each) -> (each == outcome) ? 1 : 0);
		assertThat(counts.byName().values()).containsOnlyOnce(1L).containsOnly(0L, 1L);
	}

	@Test
	void namesAreThoseOfTheComponentsInTheirOrder() throws Exception {
		Map<String, Long> components = new LinkedHashMap<>();
		for (var component : ConnectionCounts.class.getRecordComponents()) {
			components.put(component.getName(), (Long) component.getAccessor().invoke(this.counts));
		}
		assertThat(this.counts.byName()).containsExactlyEntriesOf(components);
		assertThat(components).hasSize(ConnectionOutcome.values().length + 1);
	}

	@Test
	void openConnectionsAreThoseThatWereAcceptedAndHaveNotEnded() {
		assertThat(this.counts.active()).isEqualTo(100 - 3 - 4 - 5 - 6 - 7);
		assertThat(this.counts.cutOff(75).active()).isZero();
	}

	@Test
	void differenceOfTwoReadingsIsWhatHasHappenedInBetween() {
		ConnectionCounts later = new ConnectionCounts(101, 3, 5, 7, 9, 11, 13, 15);
		assertThat(later.since(this.counts)).isEqualTo(new ConnectionCounts(1, 2, 3, 4, 5, 6, 7, 8));
		assertThat(later.since(later).byName().values()).containsOnly(0L);
	}

	@Test
	void sumAndDifferenceAreInverse() {
		ConnectionCounts other = new ConnectionCounts(101, 3, 5, 7, 9, 11, 13, 15);
		assertThat(this.counts.plus(other).since(other)).isEqualTo(this.counts);
	}

	@Test
	void failedHandshakesAreMentionedOnlyIfThereAreAny() {
		assertThat(this.counts)
			.hasToString("3 completed, 4 at deadline, 5 closed by peer, 6 timed out, 7 vanished, 1 refused, "
					+ "2 failed handshakes");
		ConnectionCounts completed = ConnectionCounts.of(9,
				(outcome) -> (outcome == ConnectionOutcome.COMPLETED) ? 9 : 0);
		assertThat(completed)
			.hasToString("9 completed, 0 at deadline, 0 closed by peer, 0 timed out, 0 vanished, 0 refused");
	}

	@Test
	void outcomesOfConnectionsThatWereNeverOpenAreNoEndsOfAcceptedOnes() {
		Arrays.stream(ConnectionOutcome.values()).forEach((outcome) -> {
			ConnectionCounts counts = ConnectionCounts.of(1, (each) -> (each == outcome) ? 1 : 0);
			assertThat(counts.active()).as(outcome.name()).isEqualTo(outcome.hasBeenOpen() ? 0 : 1);
		});
	}

}
