package io.github.http3spring.netty.udp;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

import io.github.http3spring.netty.routing.ConnectionIdLayout;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionIds}.
 */
class ConnectionIdsTests {

	private static final int LENGTH = ConnectionIdLayout.DEFAULT_LENGTH;

	private final ConnectionIdLayout layout = ConnectionIdLayout.create(null);

	private final ConnectionIds ids = new ConnectionIds(this.layout, 3, (id) -> null);

	@Test
	void copiesOfAFirstPacketGetTheSameId() {
		ByteBuffer first = this.ids.newId(id(1), id(2), LENGTH);
		assertThat(first.remaining()).isEqualTo(LENGTH);
		assertThat(this.ids.newId(id(1), id(2), LENGTH)).isEqualTo(first);
		assertThat(this.ids.newId(id(1), id(3), LENGTH)).isNotEqualTo(first);
	}

	@Test
	void furtherIdsOfAConnectionAreAllDifferent() {
		ByteBuffer used = id(1);
		Set<ByteBuffer> all = new HashSet<>();
		for (int count = 0; count < 10; count++) {
			all.add(this.ids.newId(used, LENGTH));
		}
		assertThat(all).hasSize(10).doesNotContain(used).allMatch((id) -> id.remaining() == LENGTH);
		assertThat(used).isEqualTo(id(1));
	}

	private static ByteBuffer id(int number) {
		return ByteBuffer.allocate(LENGTH).putInt(0, number);
	}

}
