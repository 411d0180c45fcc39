package io.github.http3spring.netty.udp;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Counts how often the codec was done with what was read from the socket, so that others
 * can tell whether something happens in the same turn. Confined to the event loop of the
 * socket.
 */
public final class SocketTurns extends ChannelInboundHandlerAdapter {

	private int count;

	/**
	 * Return the number of the present turn.
	 */
	public int current() {
		return this.count;
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		ctx.fireChannelReadComplete();
		this.count++;
	}

}
