package io.github.http3spring.netty.udp;

import java.nio.ByteBuffer;
import java.util.HexFormat;

import io.netty.incubator.codec.quic.QuicTransportError;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StatelessAnswer}.
 */
class StatelessAnswerTests {

	private static final ByteBuffer CHOSEN = bytes("0102030405060708");

	private static final ByteBuffer CLIENT = bytes("0a0b0c");

	@Test
	void closeIsAnInitialPacketForTheClient() {
		byte[] close = StatelessAnswer.close(header(1, true), QuicTransportError.CONNECTION_REFUSED);
		// Length of the rest: packet number, frame and tag
		assertThat(HexFormat.of().formatHex(close, 1, 20))
			.isEqualTo("00000001" + "030a0b0c" + "080102030405060708" + "00" + "18");
		assertThat(close[0] & 0xf0).isEqualTo(0xc0);
		assertThat(close).hasSize(20 + 24);
	}

	@Test
	void sameQuestionGetsTheSameAnswerAndOtherReasonsAreOtherAnswers() {
		PacketHeader header = header(1, true);
		byte[] close = StatelessAnswer.close(header, QuicTransportError.CONNECTION_REFUSED);
		assertThat(StatelessAnswer.close(header, QuicTransportError.CONNECTION_REFUSED)).isEqualTo(close);
		assertThat(StatelessAnswer.close(header, QuicTransportError.INVALID_TOKEN)).isNotEqualTo(close);
	}

	@Test
	void versionNegotiationTellsTheVersionAndSwapsTheConnectionIds() {
		assertThat(HexFormat.of().formatHex(StatelessAnswer.versionNegotiation(header(0x6b3343cf, false))))
			.isEqualTo("c0" + "00000000" + "030a0b0c" + "080102030405060708" + "0a0a0a0a" + "00000001");
	}

	private static PacketHeader header(int version, boolean initial) {
		return new PacketHeader(version, initial, CHOSEN, CLIENT, 0, ByteBuffer.allocate(0));
	}

	private static ByteBuffer bytes(String hex) {
		return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
	}

}
