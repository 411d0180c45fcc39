package io.github.http3spring.netty.request;

import io.github.http3spring.netty.protocol.Priority;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EarlyPriorities} of a client that may have three requests open.
 */
class EarlyPrioritiesTests {

	private static final Priority URGENT = Priority.parse("u=0");

	private static final Priority LATER = Priority.parse("u=6");

	private final EarlyPriorities priorities = new EarlyPriorities(3);

	@Test
	void priorityWaitsForItsRequest() {
		assertThat(this.priorities.keep(4, URGENT, 0)).isNull();
		assertThat(this.priorities.take(0)).isNull();
		assertThat(this.priorities.take(4)).isEqualTo(URGENT);
		assertThat(this.priorities.take(4)).isNull();
	}

	@Test
	void lastOneCounts() {
		this.priorities.keep(8, URGENT, 0);
		this.priorities.keep(8, LATER, 4);
		assertThat(this.priorities.take(8)).isEqualTo(LATER);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 5, 6, 7, 12, 16, (1L << 62) - 4 })
	void streamThatIsNoRequestOrCannotBeOpenedIsAnError(long streamId) {
		assertThat(this.priorities.keep(streamId, URGENT, 0)).isEqualTo(Http3ErrorCode.H3_ID_ERROR);
		assertThat(this.priorities.take(streamId)).isNull();
	}

	@Test
	void limitGoesUpWithTheRequests() {
		assertThat(this.priorities.keep(12, URGENT, 4)).isNull();
		assertThat(this.priorities.keep(16, URGENT, 4)).isEqualTo(Http3ErrorCode.H3_ID_ERROR);
	}

	@Test
	void requestThatHasEndedIsOfNoInterest() {
		assertThat(this.priorities.keep(0, URGENT, 8)).isNull();
		assertThat(this.priorities.keep(4, URGENT, 8)).isNull();
		assertThat(this.priorities.take(0)).isNull();
		assertThat(this.priorities.take(4)).isNull();
	}

}
