package io.github.http3spring.netty.udp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;

import io.github.http3spring.netty.routing.ConnectionIdLayout;
import io.github.http3spring.netty.tls.StatelessReset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StatelessResetHandler}.
 */
class StatelessResetHandlerTests {

	private static final InetSocketAddress SERVER = new InetSocketAddress("127.0.0.1", 443);

	private static final InetSocketAddress CLIENT = new InetSocketAddress("127.0.0.1", 1000);

	private static final int SHORT_HEADER = 0x40;

	private static final int LONG_HEADER = 0xc0;

	private final StatelessReset reset = new StatelessReset("key");

	private final ConnectionIdLayout ids = ConnectionIdLayout.create(null);

	private final ByteBuffer forgotten = ConnectionIdLayout.create(null).create(0, new byte[this.ids.randomLength()]);

	private long now = -5;

	private final EmbeddedChannel socket = new EmbeddedChannel(
			new StatelessResetHandler(this.reset, this.ids, () -> this.now));

	@ParameterizedTest
	@CsvSource({ "22, 21", "30, 29", "43, 42", "44, 42", "1200, 42" })
	void forgottenConnectionIsResetWithLessThanWasReceived(int received, int expected) {
		assertThat(receive(SHORT_HEADER, this.forgotten, received)).isFalse();
		DatagramPacket answer = this.socket.readOutbound();
		byte[] bytes = ByteBufUtil.getBytes(answer.content());
		assertThat(bytes).hasSize(expected);
		// Looks like a packet with a short header, and ends with the token
		assertThat(bytes[0] & 0xc0).isEqualTo(SHORT_HEADER);
		assertThat(Arrays.copyOfRange(bytes, expected - StatelessReset.TOKEN_LENGTH, expected))
			.isEqualTo(this.reset.token(this.forgotten));
		assertThat(answer.recipient()).isEqualTo(CLIENT);
		answer.release();
	}

	@Test
	void packetThatIsTooSmallForAnAnswerGetsNone() {
		assertThat(receive(SHORT_HEADER, this.forgotten, 21)).isFalse();
		assertThat(this.socket.<Object>readOutbound()).isNull();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, ConnectionIdLayout.DEFAULT_LENGTH })
	void packetThatIsTooSmallForAnIdPasses(int length) {
		assertThat(receive(SHORT_HEADER, this.forgotten, length)).isTrue();
	}

	@Test
	void packetOfAHandshakePasses() {
		assertThat(receive(LONG_HEADER, this.forgotten, 1200)).isTrue();
		assertThat(this.socket.<Object>readOutbound()).isNull();
	}

	@Test
	void packetOfAConnectionOfThisRunPasses() {
		assertThat(receive(SHORT_HEADER, this.ids.create(0, new byte[this.ids.randomLength()]), 1200)).isTrue();
		assertThat(this.socket.<Object>readOutbound()).isNull();
	}

	@Test
	void resetsPerSecondAreLimited() {
		assertThat(answers(StatelessResetHandler.MAX_PER_SECOND + 10)).isEqualTo(StatelessResetHandler.MAX_PER_SECOND);
		this.now += Duration.ofSeconds(1).toNanos();
		assertThat(answers(10)).isEqualTo(10);
	}

	private int answers(int packets) {
		int answers = 0;
		for (int number = 0; number < packets; number++) {
			receive(SHORT_HEADER, this.forgotten, 100);
			DatagramPacket answer = this.socket.readOutbound();
			if (answer != null) {
				answer.release();
				answers++;
			}
		}
		return answers;
	}

	/**
	 * Receive a packet.
	 * @return whether it was handed on
	 */
	private boolean receive(int firstByte, ByteBuffer id, int length) {
		ByteBuf content = Unpooled.buffer(1200).writeByte(firstByte).writeBytes(id.duplicate()).writeZero(1179);
		this.socket.writeInbound(new DatagramPacket(content.writerIndex(length), SERVER, CLIENT));
		DatagramPacket passed = this.socket.readInbound();
		if (passed != null) {
			passed.release();
		}
		assertThat(content.refCnt()).isZero();
		return passed != null;
	}

}
