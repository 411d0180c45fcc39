package io.github.http3spring.netty.udp;

import java.net.InetSocketAddress;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReceiveSampling}.
 */
class ReceiveSamplingTests {

	private static final int DATAGRAMS = 100_000;

	private final EmbeddedChannel connection = new EmbeddedChannel(new ChannelInboundHandlerAdapter() {

		@Override
		public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
			if (event == ReceiveSampling.Sample.TAKEN) {
				ReceiveSamplingTests.this.samples++;
			}
		}

	});

	private final EmbeddedChannel socket = new EmbeddedChannel(
			new ReceiveSampling(Integer.BYTES, (pipeline, id) -> (id.getInt(0) == 1) ? this.connection : null));

	private int samples;

	private int passed;

	@Test
	void connectionIsLookedAtTheMoreOftenTheMoreArrives() {
		receive(1, 1200);
		double expected = (double) DATAGRAMS * 1200 / ReceiveSampling.INTERVAL;
		assertThat(this.samples / expected).isBetween(0.9, 1.1);
		assertThat(this.passed).isEqualTo(DATAGRAMS);
	}

	@Test
	void smallDatagramsCountAsLargerOnes() {
		receive(1, 30);
		double expected = (double) DATAGRAMS * ReceiveSampling.MIN_SIZE / ReceiveSampling.INTERVAL;
		assertThat(this.samples / expected).isBetween(0.9, 1.1);
	}

	@Test
	void whatBelongsToNoConnectionPassesAsWell() {
		receive(2, 1200);
		assertThat(this.samples).isZero();
		assertThat(this.passed).isEqualTo(DATAGRAMS);
	}

	private void receive(int connection, int size) {
		for (int number = 0; number < DATAGRAMS; number++) {
			// A short header is one byte in front of the connection id
			this.socket.writeInbound(
					new DatagramPacket(Unpooled.buffer(size).writeByte(0x40).writeInt(connection).writeZero(size - 5),
							new InetSocketAddress("192.0.2.1", 443)));
			DatagramPacket packet = this.socket.readInbound();
			packet.release();
			this.passed++;
		}
	}

}
