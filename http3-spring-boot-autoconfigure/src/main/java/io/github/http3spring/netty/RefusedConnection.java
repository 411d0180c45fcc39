package io.github.http3spring.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Keeps everything of a refused connection away from the handlers behind it.
 */
final class RefusedConnection extends ChannelInboundHandlerAdapter {

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		// No control stream and no request for this connection
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		ReferenceCountUtil.release(msg);
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		// The handlers behind this one have never seen it active
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		ReferenceCountUtil.release(event);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		// What a refused peer does wrong is of no interest
	}

}
