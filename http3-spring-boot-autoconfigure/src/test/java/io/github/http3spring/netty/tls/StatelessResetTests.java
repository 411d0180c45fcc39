package io.github.http3spring.netty.tls;

import java.nio.ByteBuffer;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StatelessReset}.
 */
class StatelessResetTests {

	private static final int ID_LENGTH = 20;

	private final StatelessReset reset = new StatelessReset("key");

	@Test
	void tokenOutlivesACrash() {
		ByteBuffer id = id(1);
		assertThat(this.reset.token(id)).hasSize(StatelessReset.TOKEN_LENGTH)
			.isEqualTo(new StatelessReset("key").token(id));
		assertThat(id.remaining()).isEqualTo(ID_LENGTH);
	}

	@Test
	void tokenIsAnotherForEachIdAndKey() {
		assertThat(this.reset.token(id(1))).isNotEqualTo(this.reset.token(id(2)))
			.isNotEqualTo(new StatelessReset("another key").token(id(1)));
	}

	private static ByteBuffer id(int number) {
		return ByteBuffer.allocate(ID_LENGTH).putInt(ID_LENGTH - Integer.BYTES, number);
	}

}
