package io.github.http3spring.benchmarks.program;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.incubator.codec.http3.DefaultHttp3DataFrame;
import io.netty.incubator.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.incubator.codec.http3.Http3DataFrame;
import io.netty.incubator.codec.http3.Http3Headers;
import io.netty.incubator.codec.http3.Http3HeadersFrame;
import io.netty.incubator.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.incubator.codec.quic.QuicStreamChannel;

/**
 * Answers one request with the codec's own frames.
 */
final class CodecHandler extends Http3RequestStreamInboundHandler {

	private boolean counting;

	private long received;

	private long left;

	@Override
	protected void channelRead(ChannelHandlerContext context, Http3HeadersFrame frame) {
		String path = frame.headers().path().toString();
		if (path.startsWith(Content.BYTES_PATH)) {
			this.left = Content.size(path);
			context.write(headers(Content.BINARY, this.left));
			writeChunks(context);
		}
		else if (path.equals(Content.COUNT_PATH)) {
			this.counting = true;
		}
		else {
			answer(context, Unpooled.wrappedBuffer(Content.hello()));
		}
	}

	@Override
	protected void channelRead(ChannelHandlerContext context, Http3DataFrame frame) {
		this.received += frame.content().readableBytes();
		frame.release();
	}

	@Override
	protected void channelInputClosed(ChannelHandlerContext context) {
		if (this.counting) {
			answer(context, Unpooled.wrappedBuffer(Long.toString(this.received).getBytes(StandardCharsets.US_ASCII)));
		}
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext context) {
		writeChunks(context);
		context.fireChannelWritabilityChanged();
	}

	private void writeChunks(ChannelHandlerContext context) {
		while (this.left > 0 && context.channel().isWritable()) {
			ByteBuf chunk = Unpooled.wrappedBuffer(Content.chunk(this.left));
			this.left -= chunk.readableBytes();
			if (this.left > 0) {
				context.write(new DefaultHttp3DataFrame(chunk));
			}
			else {
				end(context, chunk);
			}
		}
		context.flush();
	}

	private static void answer(ChannelHandlerContext context, ByteBuf body) {
		context.write(headers(Content.TEXT, body.readableBytes()));
		end(context, body);
		context.flush();
	}

	private static void end(ChannelHandlerContext context, ByteBuf body) {
		context.write(new DefaultHttp3DataFrame(body)).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
	}

	private static Http3HeadersFrame headers(String type, long length) {
		Http3HeadersFrame frame = new DefaultHttp3HeadersFrame();
		Http3Headers headers = frame.headers();
		headers.status("200");
		headers.add("content-type", type);
		headers.addLong("content-length", length);
		return frame;
	}

}
