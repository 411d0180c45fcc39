package io.github.http3spring.netty.udp;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

import io.github.http3spring.netty.routing.ConnectionIdLayout;
import io.github.http3spring.netty.tls.StatelessReset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

/**
 * Answers packets of connections from an earlier run of the server with a stateless reset
 * (RFC 9000 section 10.3). Costs any other packet two comparisons. Confined to the event
 * loop of the socket.
 */
public final class StatelessResetHandler extends ChannelInboundHandlerAdapter {

	/**
	 * Most resets per second, so that nobody can keep the server busy with them.
	 */
	static final int MAX_PER_SECOND = 1000;

	/**
	 * A reset looks like a packet, which has five bytes before its end at least.
	 */
	private static final int MIN_LENGTH = 5 + StatelessReset.TOKEN_LENGTH;

	/**
	 * Longer ones would not look more like a packet (RFC 9000 section 10.3).
	 */
	private static final int MAX_LENGTH = 42;

	private final StatelessReset reset;

	private final ConnectionIdLayout ids;

	private final RateLimit rate;

	public StatelessResetHandler(StatelessReset reset, ConnectionIdLayout ids) {
		this(reset, ids, System::nanoTime);
	}

	StatelessResetHandler(StatelessReset reset, ConnectionIdLayout ids, LongSupplier clock) {
		this.reset = reset;
		this.ids = ids;
		this.rate = new RateLimit(MAX_PER_SECOND, clock);
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (msg instanceof DatagramPacket packet && isForgotten(packet.content())) {
			try {
				answer(ctx, packet);
			}
			finally {
				packet.release();
			}
			return;
		}
		ctx.fireChannelRead(msg);
	}

	private boolean isForgotten(ByteBuf packet) {
		int start = packet.readerIndex();
		// A short header (RFC 9000 section 17.3.1) with an id that is not of this run
		return packet.readableBytes() > this.ids.length() && (packet.getByte(start) & 0x80) == 0
				&& this.ids.worker(packet, start + 1) == ConnectionIdLayout.UNKNOWN;
	}

	/**
	 * Answer with less than was received, so that two servers cannot go on answering each
	 * other (RFC 9000 section 10.3.3).
	 */
	private void answer(ChannelHandlerContext ctx, DatagramPacket packet) {
		ByteBuf content = packet.content();
		int length = Math.min(content.readableBytes() - 1, MAX_LENGTH);
		if (length < MIN_LENGTH || !this.rate.admits()) {
			return;
		}
		byte[] bytes = new byte[length - StatelessReset.TOKEN_LENGTH];
		ThreadLocalRandom.current().nextBytes(bytes);
		bytes[0] = (byte) (0x40 | (bytes[0] & 0x3f));
		byte[] token = this.reset.token(content.nioBuffer(content.readerIndex() + 1, this.ids.length()));
		ctx.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(bytes, token), packet.sender()), ctx.voidPromise());
	}

}
