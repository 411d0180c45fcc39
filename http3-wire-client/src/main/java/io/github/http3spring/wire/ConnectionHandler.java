package io.github.http3spring.wire;

import java.nio.charset.StandardCharsets;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionCloseEvent;
import io.netty.incubator.codec.quic.QuicStreamLimitChangedEvent;
import io.netty.incubator.codec.quic.SslEarlyDataReadyEvent;

/**
 * Tells a connection what its QUIC channel does.
 */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {

	private final WireConnection connection;

	ConnectionHandler(WireConnection connection) {
		this.connection = connection;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.connection.channelOpened((QuicChannel) ctx.channel());
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.connection.handshakeDone((QuicChannel) ctx.channel());
		ctx.fireChannelActive();
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (event instanceof QuicConnectionCloseEvent close) {
			CloseFrame frame = new CloseFrame(close.isApplicationClose(), Integer.toUnsignedLong(close.error()),
					reason(close));
			// Netty raises the event before it hands out stream data that came in the
			// same datagram, so let that be recorded first.
			ctx.channel().eventLoop().execute(() -> this.connection.closeReceived(frame));
		}
		else if (event instanceof QuicStreamLimitChangedEvent) {
			this.connection.openWaiting();
		}
		else if (event instanceof SslEarlyDataReadyEvent) {
			this.connection.earlyDataReady((QuicChannel) ctx.channel());
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		this.connection.log().connection(WireEvent.Type.ERROR, EventLog.NONE, null, cause.toString());
	}

	private static String reason(QuicConnectionCloseEvent close) {
		try {
			return new String(close.reason(), StandardCharsets.UTF_8);
		}
		catch (NullPointerException ex) {
			// What Netty's getter throws if the frame has no reason phrase.
			return "";
		}
	}

}
