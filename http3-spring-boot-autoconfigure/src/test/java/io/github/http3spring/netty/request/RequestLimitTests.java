package io.github.http3spring.netty.request;

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestLimit}.
 */
class RequestLimitTests {

	private final RequestLimit limit = new RequestLimit(10, () -> this.connections, () -> 0);

	private int connections = 1;

	@Test
	void oneConnectionMayHaveAll() {
		assertThat(take(0, 10)).isEqualTo(10);
		assertThat(this.limit.take(10)).isFalse();
		assertThat(this.limit.open()).isEqualTo(10);
	}

	@Test
	void placeThatIsGivenBackMayBeTakenAgain() {
		take(0, 10);
		this.limit.giveBack();
		assertThat(this.limit.take(9)).isTrue();
		assertThat(this.limit.take(10)).isFalse();
	}

	@Test
	void aboveTheLimitOnlyConnectionsWithLessThanAnEqualPartMayHaveMore() {
		take(0, 10);
		this.connections = 5;
		assertThat(this.limit.take(1)).isTrue();
		assertThat(this.limit.take(2)).isFalse();
		assertThat(this.limit.open()).isEqualTo(11);
	}

	@Test
	void eachConnectionMayHaveOneHoweverManyThereAre() {
		this.connections = 100;
		take(0, 10);
		assertThat(this.limit.take(0)).isTrue();
		assertThat(this.limit.take(1)).isFalse();
	}

	@Test
	void limitOfZeroAdmitsEveryRequest() {
		RequestLimit none = new RequestLimit(0, () -> this.connections, () -> 0);
		assertThat(IntStream.range(0, 1000).allMatch(none::take)).isTrue();
		assertThat(none.open()).isEqualTo(1000);
	}

	@Test
	void workersTogetherTakeNoMorePlacesThanThereAre() {
		RequestLimit shared = new RequestLimit(100, () -> 1, () -> 0);
		assertThat(IntStream.range(0, 1000).parallel().filter((number) -> shared.take(100)).count()).isEqualTo(100);
	}

	private long take(int own, int count) {
		return IntStream.range(own, own + count).filter(this.limit::take).count();
	}

}
