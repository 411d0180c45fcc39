package io.github.http3spring.server;

import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestCounts}.
 */
class RequestCountsTests {

	private final RequestCounts counts = new RequestCounts(100, 70, 8, 9, 3);

	@Test
	void sumAndDifferenceAreInverse() {
		RequestCounts one = new RequestCounts(1, 2, 3, 4, 5);
		RequestCounts other = new RequestCounts(10, 30, 50, 70, 90);
		assertThat(one.plus(other).since(other)).isEqualTo(one);
	}

	@Test
	void namesAreThoseOfTheComponentsInTheirOrder() throws Exception {
		Map<String, Long> components = new LinkedHashMap<>();
		for (var component : RequestCounts.class.getRecordComponents()) {
			components.put(component.getName(), (Long) component.getAccessor().invoke(this.counts));
		}
		assertThat(this.counts.byName()).containsExactlyEntriesOf(components);
	}

	@Test
	void openRequestsAreThoseThatWereAcceptedAndHaveNotEnded() {
		assertThat(this.counts.active()).isEqualTo(21);
		assertThat(this.counts.cutOff(21)).isEqualTo(new RequestCounts(100, 70, 8, 30, 24));
	}

	@Test
	void differenceOfTwoReadingsIsWhatHasHappenedInBetween() {
		RequestCounts later = new RequestCounts(101, 72, 11, 13, 8);
		assertThat(later.since(this.counts)).isEqualTo(new RequestCounts(1, 2, 3, 4, 5));
	}

	@Test
	void responseThatDidNotArriveIsCancelledInsteadOfCompleted() {
		assertThat(this.counts.undelivered(2, 2)).isEqualTo(new RequestCounts(100, 68, 8, 11, 3));
	}

	@Test
	void responseFromBeforeTheseCountsBeganWasNeverCompletedInThem() {
		assertThat(this.counts.undelivered(2, 1)).isEqualTo(new RequestCounts(100, 69, 8, 11, 3));
	}

	@Test
	void lossesAreMentionedOnlyIfThereAreAny() {
		assertThat(this.counts).hasToString("70 completed, 8 rejected, 9 cancelled (3 lost)");
		assertThat(new RequestCounts(1, 1, 0, 0, 0)).hasToString("1 completed, 0 rejected, 0 cancelled");
	}

}
