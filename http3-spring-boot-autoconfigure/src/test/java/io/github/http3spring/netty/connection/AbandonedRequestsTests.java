package io.github.http3spring.netty.connection;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AbandonedRequests}.
 */
class AbandonedRequestsTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private final AbandonedRequests requests = new AbandonedRequests();

	@Test
	void requestsOfOneSecondAreCountedTogether() {
		assertThat(this.requests.add(Long.MAX_VALUE - 1)).isEqualTo(1);
		assertThat(this.requests.add(Long.MAX_VALUE - 1)).isEqualTo(2);
		assertThat(this.requests.add(Long.MAX_VALUE - 2 + SECOND)).isEqualTo(3);
	}

	@Test
	void nextSecondBeginsAnew() {
		this.requests.add(0);
		this.requests.add(1);
		assertThat(this.requests.add(SECOND)).isOne();
	}

}
