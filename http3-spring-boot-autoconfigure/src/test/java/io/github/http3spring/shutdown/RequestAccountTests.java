package io.github.http3spring.shutdown;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestAccount}.
 */
class RequestAccountTests {

	private final RequestAccount account = new RequestAccount();

	@Test
	void nextIdentifierIsFourAboveTheHighestWhateverTheOrder() {
		assertThat(this.account.nextStreamId()).isZero();
		this.account.opened(8);
		this.account.opened(0);
		assertThat(this.account.nextStreamId()).isEqualTo(12);
	}

	@Test
	void requestThatHasNotArrivedIsAGap() {
		this.account.opened(4);
		assertThat(this.account.hasGaps()).isTrue();
		this.account.opened(0);
		assertThat(this.account.hasGaps()).isFalse();
	}

	@Test
	void requestThatIsRefusedIsNeitherAcceptedNorAGap() {
		this.account.opened(0);
		this.account.refused();
		this.account.opened(4);
		assertThat(this.account.hasGaps()).isFalse();
		assertThat(this.account.accepted()).isOne();
		assertThat(this.account.open()).isOne();
		assertThat(this.account.nextStreamId()).isEqualTo(8);
	}

	@Test
	void openRequestsAndResponsesThatWereNotAcknowledgedAreLost() {
		this.account.opened(0);
		this.account.opened(4);
		this.account.ended();
		this.account.completed();
		this.account.lose(1);
		assertThat(this.account.open()).isOne();
		assertThat(this.account.lost()).isEqualTo(2);
		assertThat(this.account.undelivered()).isOne();
		assertThat(this.account.completedInVain()).isOne();
	}

	@Test
	void requestThatEndsAfterItWasLostStaysLost() {
		this.account.opened(0);
		this.account.lose(0);
		this.account.ended();
		assertThat(this.account.open()).isZero();
		assertThat(this.account.lost()).isOne();
	}

	@Test
	void responseFromBeforeTheAccountBeganAnewIsUndeliveredButNotCompletedInVain() {
		this.account.opened(0);
		this.account.ended();
		this.account.completed();
		this.account.beginAnew();
		this.account.lose(1);
		assertThat(this.account.undelivered()).isOne();
		assertThat(this.account.completedInVain()).isZero();
		assertThat(this.account.accepted()).isOne();
	}

}
