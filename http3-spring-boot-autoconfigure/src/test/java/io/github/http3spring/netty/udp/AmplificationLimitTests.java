package io.github.http3spring.netty.udp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AmplificationLimit}.
 */
class AmplificationLimitTests {

	private static final InetSocketAddress SERVER = new InetSocketAddress("127.0.0.1", 443);

	private static final InetSocketAddress CLIENT = new InetSocketAddress("127.0.0.1", 4433);

	private static final InetSocketAddress OTHER = new InetSocketAddress("127.0.0.1", 4434);

	private static final ByteBuffer CHOSEN = ByteBuffer.wrap(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 });

	private static final ByteBuffer OURS = ByteBuffer.wrap("twenty bytes of id..".getBytes());

	private final AmplificationLimit limit = new AmplificationLimit();

	private final EmbeddedChannel channel = new EmbeddedChannel(this.limit, new Codec());

	private Runnable open = () -> {
	};

	private AmplificationLimit.Client client;

	@Test
	void initialInASmallDatagramIsDiscarded() {
		assertThat(receive(CLIENT, initial(CHOSEN, 1199))).isFalse();
		assertThat(receive(CLIENT, initial(CHOSEN, 1199).setInt(1, 0x6b3343cf))).isFalse();
		assertThat(receive(CLIENT, initial(CHOSEN, 1200))).isTrue();
	}

	@Test
	void otherPacketsMayBeSmall() {
		assertThat(receive(CLIENT, initial(CHOSEN, 100).setByte(0, 0xe0))).isTrue();
		assertThat(receive(CLIENT, Unpooled.buffer().writeByte(0x40).writeBytes(OURS.duplicate()))).isTrue();
	}

	@Test
	void addressWithoutAConnectionIsNotLimited() {
		assertThat(sent(5000)).isEqualTo(5000);
	}

	@Test
	void newConnectionIsSentThreeTimesItsFirstDatagram() {
		open(1200);
		assertThat(sent(1200)).isEqualTo(1200);
		assertThat(sent(2300)).isEqualTo(2300);
		assertThat(sent(101)).isZero();
		assertThat(sent(100)).isEqualTo(100);
		assertThat(sent(1)).isZero();
	}

	@Test
	void whatIsLeftOutCountsAsSent() {
		open(1200);
		ChannelFuture future = this.channel
			.writeAndFlush(new DatagramPacket(Unpooled.buffer().writeZero(3601), CLIENT));
		assertThat(future.isSuccess()).isTrue();
		assertThat(this.channel.<Object>readOutbound()).isNull();
	}

	@Test
	void segmentsAreSentAsFarAsTheyFit() {
		open(1200);
		assertThat(sent(1000)).isEqualTo(1000);
		SegmentedDatagramPacket packet = new SegmentedDatagramPacket(Unpooled.buffer().writeZero(3 * 1200), 1200,
				CLIENT);
		this.channel.writeOutbound(packet);
		SegmentedDatagramPacket sent = this.channel.readOutbound();
		assertThat(sent.content().readableBytes()).isEqualTo(2400);
		assertThat(sent.segmentSize()).isEqualTo(1200);
		assertThat(sent.recipient()).isEqualTo(CLIENT);
		assertThat(sent.release()).isTrue();
		assertThat(packet.refCnt()).isZero();
		assertThat(sent(200)).isEqualTo(200);
		assertThat(sent(1)).isZero();
	}

	@Test
	void whateverElseArrivesRaisesTheLimit() {
		open(1200);
		sent(3600);
		receive(CLIENT, initial(CHOSEN, 1300));
		assertThat(sent(3900)).isEqualTo(3900);
		assertThat(sent(1)).isZero();
		receive(CLIENT, initial(ByteBuffer.wrap(new byte[8]), 100).setByte(0, 0xe0));
		assertThat(sent(300)).isEqualTo(300);
		assertThat(sent(1)).isZero();
		receive(OTHER, initial(CHOSEN, 1300));
		assertThat(sent(1)).isZero();
	}

	@Test
	void clientThatUsesAnIdOfOursIsNotLimitedAnyMore() {
		open(1200);
		sent(3600);
		receive(OTHER, initial(OURS, 100).setByte(0, 0xe0));
		assertThat(sent(1)).isZero();
		assertThat(this.client.isValidated()).isFalse();
		receive(CLIENT, initial(OURS, 100).setByte(0, 0xe0));
		assertThat(this.client.isValidated()).isTrue();
		assertThat(sent(50_000)).isEqualTo(50_000);
	}

	@Test
	void clientThatComesWithAnIdOfOursIsNotLimited() {
		this.open = () -> this.client = this.limit.opened(CLIENT, Set.of(OURS));
		receive(CLIENT, initial(OURS, 1200));
		assertThat(this.client.isValidated()).isTrue();
		assertThat(sent(50_000)).isEqualTo(50_000);
	}

	@Test
	void connectionsOfAnAddressShareItsLimit() {
		open(1200);
		open(1200);
		assertThat(sent(7200)).isEqualTo(7200);
		assertThat(sent(1)).isZero();
	}

	@Test
	void validatedAddressStaysSoForFurtherConnectionsUntilTheLastHasEnded() {
		open(1200);
		AmplificationLimit.Client first = this.client;
		receive(CLIENT, initial(OURS, 1200));
		open(1200);
		assertThat(sent(50_000)).isEqualTo(50_000);
		first.closed();
		assertThat(sent(50_000)).isEqualTo(50_000);
		this.client.closed();
		open(1200);
		assertThat(sent(3601)).isZero();
		assertThat(sent(3600)).isEqualTo(3600);
	}

	@Test
	void idOfAConnectionThatHasEndedIsForgotten() {
		ByteBuffer another = ByteBuffer.wrap("another id of twenty".getBytes());
		open(1200);
		AmplificationLimit.Client first = this.client;
		this.open = () -> this.client = this.limit.opened(CLIENT, Set.of(CHOSEN, another));
		receive(CLIENT, initial(CHOSEN, 1200));
		this.open = () -> {
		};
		first.closed();
		receive(CLIENT, initial(OURS, 1200));
		assertThat(this.client.isValidated()).isFalse();
		receive(CLIENT, initial(another, 1200));
		assertThat(this.client.isValidated()).isTrue();
	}

	@Test
	void addressThatAClientHasMovedToIsValidatedAndTheOldOneForgotten() {
		open(1200);
		receive(CLIENT, initial(OURS, 1200));
		this.client.moved(OTHER);
		assertThat(this.client.isValidated()).isTrue();
		AmplificationLimit.Client moved = this.client;
		open(1200);
		assertThat(sent(3601)).isZero();
		moved.closed();
		assertThat(moved.isValidated()).isFalse();
	}

	private void open(int length) {
		this.open = () -> this.client = this.limit.opened(CLIENT, Set.of(CHOSEN, OURS));
		assertThat(receive(CLIENT, initial(CHOSEN, length))).isTrue();
		this.open = () -> {
		};
	}

	/**
	 * Return whether a datagram reaches the codec.
	 */
	private boolean receive(InetSocketAddress sender, ByteBuf content) {
		this.channel.writeInbound(new DatagramPacket(content, SERVER, sender));
		DatagramPacket packet = this.channel.readInbound();
		if (packet == null) {
			assertThat(content.refCnt()).isZero();
			return false;
		}
		return packet.release();
	}

	/**
	 * Send a datagram to the client.
	 * @return how much of it was sent
	 */
	private int sent(int length) {
		ByteBuf content = Unpooled.buffer().writeZero(length);
		this.channel.writeOutbound(new DatagramPacket(content, CLIENT));
		DatagramPacket packet = this.channel.readOutbound();
		int sent = (packet != null) ? packet.content().readableBytes() : 0;
		if (packet != null) {
			packet.release();
		}
		assertThat(content.refCnt()).isZero();
		return sent;
	}

	private static ByteBuf initial(ByteBuffer destinationId, int length) {
		ByteBuf packet = Unpooled.buffer()
			.writeByte(0xc0)
			.writeInt(1)
			.writeByte(destinationId.remaining())
			.writeBytes(destinationId.duplicate())
			.writeByte(0)
			.writeByte(0);
		return packet.writeZero(length - packet.readableBytes());
	}

	/**
	 * Takes connections in while their first datagram is being processed.
	 */
	private final class Codec extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object msg) {
			AmplificationLimitTests.this.open.run();
			ctx.fireChannelRead(msg);
		}

	}

}
