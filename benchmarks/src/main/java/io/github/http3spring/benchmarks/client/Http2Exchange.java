package io.github.http3spring.benchmarks.client;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Sends a request on a stream of HTTP/2, and collects the response.
 */
final class Http2Exchange extends ChannelInboundHandlerAdapter {

	private final CompletableFuture<Client.Response> response = new CompletableFuture<>();

	private final Client.Request request;

	private String status = "none";

	private long received;

	private long left;

	Http2Exchange(Client.Request request) {
		this.request = request;
		this.left = request.size();
	}

	CompletableFuture<Client.Response> response() {
		return this.response;
	}

	void fail(Throwable failure) {
		this.response.completeExceptionally(failure);
	}

	@Override
	public void channelActive(ChannelHandlerContext context) {
		Http2Headers headers = new DefaultHttp2Headers().method(this.request.method())
			.path(this.request.path())
			.authority("localhost")
			.scheme("https");
		if (this.left > 0) {
			headers.addLong("content-length", this.left);
		}
		context.write(new DefaultHttp2HeadersFrame(headers, this.left == 0));
		writeChunks(context);
		context.fireChannelActive();
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext context) {
		writeChunks(context);
		context.fireChannelWritabilityChanged();
	}

	private void writeChunks(ChannelHandlerContext context) {
		while (this.left > 0 && context.channel().isWritable()) {
			int size = (int) Math.min(this.left, Chunks.SIZE);
			this.left -= size;
			context.write(new DefaultHttp2DataFrame(Chunks.of(size), this.left == 0));
		}
		context.flush();
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		boolean end = false;
		if (message instanceof Http2HeadersFrame frame) {
			this.status = frame.headers().status().toString();
			end = frame.isEndStream();
		}
		else if (message instanceof Http2DataFrame frame) {
			this.received += frame.content().readableBytes();
			end = frame.isEndStream();
		}
		ReferenceCountUtil.release(message);
		if (end) {
			end();
		}
	}

	private void end() {
		Client.Response whole = new Client.Response(this.status, this.received);
		if (whole.answers(this.request)) {
			this.response.complete(whole);
		}
		else {
			fail(new IOException(this.request + " got " + whole));
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		if (!this.response.isDone()) {
			fail(new ClosedChannelException());
		}
		context.fireChannelInactive();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		fail(cause);
	}

}
