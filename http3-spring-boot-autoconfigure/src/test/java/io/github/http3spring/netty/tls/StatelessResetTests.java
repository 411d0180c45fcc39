package io.github.http3spring.netty.tls;

import java.nio.ByteBuffer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.incubator.codec.quic.QuicConnectionIdGenerator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link StatelessReset}.
 */
class StatelessResetTests {

	private static final int ID_LENGTH = 20;

	private static final ByteBuffer SEED = ByteBuffer.wrap("seed".getBytes());

	private final StatelessReset reset = new StatelessReset("key");

	private final QuicConnectionIdGenerator ids = this.reset.newIds();

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

	@Test
	void idsOfThisRunAreNotForgotten() {
		assertThat(isForgotten(this.reset, this.ids.newId(SEED, ID_LENGTH))).isFalse();
	}

	@Test
	void idsOfAnEarlierRunAreForgotten() {
		ByteBuffer id = this.ids.newId(SEED, ID_LENGTH);
		assertThat(isForgotten(new StatelessReset("key"), id)).isTrue();
		assertThat(isForgotten(this.reset, id(1))).isTrue();
	}

	@Test
	void idIsTheSameForTheSameSeedAndHasItsLength() {
		assertThat(this.ids.isIdempotent()).isTrue();
		assertThat(this.ids.maxConnectionIdLength()).isEqualTo(ID_LENGTH);
		ByteBuffer id = this.ids.newId(SEED, ID_LENGTH);
		assertThat(id.remaining()).isEqualTo(ID_LENGTH);
		assertThat(this.ids.newId(SEED, ID_LENGTH)).isEqualTo(id);
		assertThat(this.ids.newId(ByteBuffer.wrap("other".getBytes()), ID_LENGTH)).isNotEqualTo(id);
		assertThat(this.ids.newId(SEED, 8).remaining()).isEqualTo(8);
	}

	@Test
	void idWithoutASeedIsNotMade() {
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> this.ids.newId(ID_LENGTH));
	}

	private static boolean isForgotten(StatelessReset reset, ByteBuffer id) {
		ByteBuf packet = Unpooled.buffer(30).writeByte(0x40).writeBytes(id.duplicate());
		return reset.isForgotten(packet, 1);
	}

	/**
	 * Return an id without the mark of any run, but for one run in four thousand million.
	 */
	private static ByteBuffer id(int number) {
		return ByteBuffer.allocate(ID_LENGTH).putInt(ID_LENGTH - Integer.BYTES, number);
	}

}
