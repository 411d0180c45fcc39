package io.github.http3spring.netty;

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionLimit}.
 */
class ConnectionLimitTests {

	private final ConnectionLimit limit = new ConnectionLimit(2, () -> 0);

	@Test
	void connectionsBelowTheLimitAreAdmitted() {
		assertThat(this.limit.take()).isTrue();
		assertThat(this.limit.hasRoom()).isTrue();
		assertThat(this.limit.take()).isTrue();
		assertThat(this.limit.open()).isEqualTo(2);
	}

	@Test
	void connectionsAtTheLimitAreNotAdmittedUntilOneHasEnded() {
		this.limit.take();
		this.limit.take();
		assertThat(this.limit.hasRoom()).isFalse();
		assertThat(this.limit.take()).isFalse();
		this.limit.giveBack();
		assertThat(this.limit.hasRoom()).isTrue();
		assertThat(this.limit.take()).isTrue();
		assertThat(this.limit.take()).isFalse();
	}

	@Test
	void workersTogetherTakeNoMorePlacesThanThereAre() {
		ConnectionLimit shared = new ConnectionLimit(100, () -> 0);
		assertThat(IntStream.range(0, 1000).parallel().filter((number) -> shared.take()).count()).isEqualTo(100);
	}

	@Test
	void limitOfZeroAdmitsEveryConnection() {
		ConnectionLimit none = new ConnectionLimit(0, () -> 0);
		assertThat(IntStream.range(0, 1000).allMatch((number) -> none.hasRoom() && none.take())).isTrue();
	}

}
