package io.github.http3spring.netty.request;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link MemoryBudget}.
 */
class MemoryBudgetTests {

	private final MemoryBudget budget = new MemoryBudget(100);

	private final Runnable smallRelief = mock();

	private final MemoryBudget.Share small = this.budget.open(this.smallRelief);

	private final Runnable largeRelief = mock();

	private final MemoryBudget.Share large = this.budget.open(this.largeRelief);

	@Test
	void sharesAddUp() {
		this.small.hold(20);
		this.large.hold(50);
		this.large.hold(80);
		assertThat(this.budget.held()).isEqualTo(100);
		assertThat(this.budget.isExceeded()).isFalse();
		this.small.hold(21);
		assertThat(this.budget.isExceeded()).isTrue();
		this.small.hold(0);
		this.large.hold(0);
		assertThat(this.budget.held()).isZero();
	}

	@Test
	void theOneThatHoldsMostIsAskedToHoldLess() {
		this.small.hold(20);
		this.large.hold(81);
		this.budget.relieve();
		verify(this.largeRelief).run();
		verify(this.smallRelief, never()).run();
		assertThat(this.large.isLargest()).isTrue();
		assertThat(this.small.isLargest()).isFalse();
	}

	@Test
	void theNextOneIsAskedWhenThatHoldsNothing() {
		this.small.hold(101);
		this.large.hold(200);
		this.large.hold(0);
		this.budget.relieve();
		verify(this.smallRelief).run();
		verify(this.largeRelief, never()).run();
	}

	@Test
	void theOneThatIsSparedIsNotAskedUntilItIsSparedNoMore() {
		this.small.hold(20);
		this.large.hold(81);
		this.large.spare(true);
		this.budget.relieve();
		verify(this.smallRelief).run();
		verify(this.largeRelief, never()).run();
		assertThat(this.small.isLargest()).isTrue();
		this.large.spare(false);
		this.budget.relieve();
		verify(this.largeRelief).run();
		assertThat(this.small.isLargest()).isFalse();
	}

	@Test
	void nobodyIsAskedWhileThereIsRoom() {
		this.large.hold(100);
		this.budget.relieve();
		verify(this.largeRelief, never()).run();
	}

}
