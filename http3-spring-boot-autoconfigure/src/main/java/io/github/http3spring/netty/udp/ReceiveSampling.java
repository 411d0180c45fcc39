package io.github.http3spring.netty.udp;

import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;

import io.github.http3spring.netty.stack.QuicheAccess;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DatagramPacket;
import org.jspecify.annotations.Nullable;

/**
 * Has a connection looked at now and then that packets arrive for: the more often, the
 * more arrives, and at random, so that nobody can send the one packet after which it is
 * looked at for another connection. Costs an addition for each packet. Confined to the
 * event loop of the socket.
 */
public final class ReceiveSampling extends ChannelInboundHandlerAdapter {

	/**
	 * Bytes from one look to the next, on average.
	 */
	static final int INTERVAL = 32 * 1024;

	/**
	 * Bytes that a smaller datagram counts: what it makes the server keep does not become
	 * less with its size.
	 */
	static final int MIN_SIZE = 128;

	private final ByteBuffer id = PacketHeader.newIdBuffer();

	private final int idLength;

	private final BiFunction<ChannelPipeline, ByteBuffer, ? extends @Nullable Channel> finder;

	private int left = INTERVAL;

	/**
	 * Create the handler of a socket.
	 * @param idLength the length of our connection ids
	 */
	public ReceiveSampling(int idLength) {
		this(idLength, QuicheAccess::find);
	}

	ReceiveSampling(int idLength, BiFunction<ChannelPipeline, ByteBuffer, ? extends @Nullable Channel> finder) {
		this.idLength = idLength;
		this.finder = finder;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (!(msg instanceof DatagramPacket packet)) {
			ctx.fireChannelRead(msg);
			return;
		}
		ByteBuf content = packet.content();
		this.left -= Math.max(content.readableBytes(), MIN_SIZE);
		if (this.left > 0 || !PacketHeader.copyDestinationId(content, this.idLength, this.id)) {
			ctx.fireChannelRead(msg);
			return;
		}
		this.left = ThreadLocalRandom.current().nextInt(2 * INTERVAL);
		// Found by an id that the client may retire with this packet
		Channel channel = this.finder.apply(ctx.pipeline(), this.id);
		ctx.fireChannelRead(msg);
		if (channel != null) {
			channel.pipeline().fireUserEventTriggered(Sample.TAKEN);
		}
	}

	/**
	 * The event that a connection gets.
	 */
	public enum Sample {

		/**
		 * A packet has arrived, and it is time to look at what has.
		 */
		TAKEN

	}

}
