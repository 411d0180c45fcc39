package io.github.http3spring.netty.udp;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicTransportError;
import io.netty.util.ReferenceCountUtil;

/**
 * Keeps everything of a refused connection away from the handlers behind it.
 */
public final class RefusedConnection extends ChannelInboundHandlerAdapter {

	/**
	 * Send CONNECTION_CLOSE with CONNECTION_REFUSED (RFC 9000 section 5.2.2): the client
	 * may take its requests elsewhere at once.
	 */
	public static void refuse(QuicChannel channel) {
		channel.close(false, (int) QuicTransportError.CONNECTION_REFUSED.code(), Unpooled.EMPTY_BUFFER);
	}

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
		// What a refused peer does wrong does not matter
	}

}
