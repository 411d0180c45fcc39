package io.github.http3spring.benchmarks.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.incubator.codec.http3.DefaultHttp3DataFrame;
import io.netty.incubator.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.incubator.codec.http3.Http3DataFrame;
import io.netty.incubator.codec.http3.Http3HeadersFrame;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.util.ReferenceCountUtil;

/**
 * An exchange on a stream of HTTP/3.
 */
final class Http3Exchange extends Exchange {

	Http3Exchange(Client.Request request) {
		super(request);
	}

	@Override
	void writeHeaders(ChannelHandlerContext context, Client.Request request) {
		Http3HeadersFrame frame = new DefaultHttp3HeadersFrame();
		frame.headers().method(request.method()).path(request.path()).authority("localhost").scheme("https");
		if (request.size() > 0) {
			frame.headers().addLong("content-length", request.size());
		}
		write(context, frame, request.size() == 0);
	}

	@Override
	void writeContent(ChannelHandlerContext context, ByteBuf content, boolean last) {
		write(context, new DefaultHttp3DataFrame(content), last);
	}

	private static void write(ChannelHandlerContext context, Object frame, boolean last) {
		ChannelFuture written = context.write(frame);
		if (last) {
			written.addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
		}
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (message instanceof Http3HeadersFrame frame) {
			answered(frame.headers().status());
		}
		else if (message instanceof Http3DataFrame frame) {
			received(frame.content());
		}
		ReferenceCountUtil.release(message);
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext context, Object event) {
		if (event == ChannelInputShutdownEvent.INSTANCE) {
			end();
		}
		context.fireUserEventTriggered(event);
	}

}
