package io.github.http3spring.benchmarks.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * An exchange on a stream of HTTP/2.
 */
final class Http2Exchange extends Exchange {

	Http2Exchange(Client.Request request) {
		super(request);
	}

	@Override
	void writeHeaders(ChannelHandlerContext context, Client.Request request) {
		Http2Headers headers = new DefaultHttp2Headers().method(request.method())
			.path(request.path())
			.authority("localhost")
			.scheme("https");
		if (request.size() > 0) {
			headers.addLong("content-length", request.size());
		}
		context.write(new DefaultHttp2HeadersFrame(headers, request.size() == 0));
	}

	@Override
	void writeContent(ChannelHandlerContext context, ByteBuf content, boolean last) {
		context.write(new DefaultHttp2DataFrame(content, last));
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		boolean end = false;
		if (message instanceof Http2HeadersFrame frame) {
			answered(frame.headers().status());
			end = frame.isEndStream();
		}
		else if (message instanceof Http2DataFrame frame) {
			received(frame.content());
			end = frame.isEndStream();
		}
		ReferenceCountUtil.release(message);
		if (end) {
			end();
		}
	}

}
