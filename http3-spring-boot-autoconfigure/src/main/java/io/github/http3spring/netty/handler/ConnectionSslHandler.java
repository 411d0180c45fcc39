package io.github.http3spring.netty.handler;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import io.netty.incubator.codec.quic.QuicChannel;

/**
 * Shows the TLS of a connection where Spring, and applications, look for it: in the
 * SslHandler in the pipeline of a request's parent channel. QUIC does TLS elsewhere, so
 * that this one does nothing but let everything pass.
 */
public final class ConnectionSslHandler extends SslHandler {

	public ConnectionSslHandler(QuicChannel connection) {
		super(new ConnectionSslEngine(connection));
	}

	@Override
	public String applicationProtocol() {
		return engine().getApplicationProtocol();
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		// No handshake to begin
	}

	@Override
	public void handlerRemoved0(ChannelHandlerContext ctx) {
		// No engine to close
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		ctx.fireChannelActive();
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		ctx.fireChannelInactive();
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		ctx.fireChannelRead(msg);
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		ctx.fireChannelReadComplete();
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		ctx.fireUserEventTriggered(event);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		ctx.fireExceptionCaught(cause);
	}

	@Override
	public void deregister(ChannelHandlerContext ctx, ChannelPromise promise) {
		ctx.deregister(promise);
	}

	@Override
	public void disconnect(ChannelHandlerContext ctx, ChannelPromise promise) {
		ctx.disconnect(promise);
	}

	@Override
	public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
		ctx.close(promise);
	}

	@Override
	public void read(ChannelHandlerContext ctx) {
		ctx.read();
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
		ctx.write(msg, promise);
	}

	@Override
	public void flush(ChannelHandlerContext ctx) {
		ctx.flush();
	}

}
