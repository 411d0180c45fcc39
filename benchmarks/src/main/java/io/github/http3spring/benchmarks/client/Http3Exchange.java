package io.github.http3spring.benchmarks.client;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.incubator.codec.http3.DefaultHttp3DataFrame;
import io.netty.incubator.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.incubator.codec.http3.Http3DataFrame;
import io.netty.incubator.codec.http3.Http3Headers;
import io.netty.incubator.codec.http3.Http3HeadersFrame;
import io.netty.incubator.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.incubator.codec.quic.QuicStreamChannel;

/**
 * Sends a request on a stream, and collects the response.
 */
final class Http3Exchange extends Http3RequestStreamInboundHandler {

	private final CompletableFuture<Client.Response> response = new CompletableFuture<>();

	private final Client.Request request;

	private String status = "none";

	private long received;

	private long left;

	Http3Exchange(Client.Request request) {
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
		Http3HeadersFrame frame = new DefaultHttp3HeadersFrame();
		Http3Headers headers = frame.headers();
		headers.method(this.request.method()).path(this.request.path()).authority("localhost").scheme("https");
		if (this.left > 0) {
			headers.addLong("content-length", this.left);
		}
		ChannelFuture written = context.write(frame);
		if (this.left == 0) {
			written.addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
		}
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
			ChannelFuture written = context.write(new DefaultHttp3DataFrame(Chunks.of(size)));
			if (this.left == 0) {
				written.addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
			}
		}
		context.flush();
	}

	@Override
	protected void channelRead(ChannelHandlerContext context, Http3HeadersFrame frame) {
		this.status = frame.headers().status().toString();
	}

	@Override
	protected void channelRead(ChannelHandlerContext context, Http3DataFrame frame) {
		this.received += frame.content().readableBytes();
		frame.release();
	}

	@Override
	protected void channelInputClosed(ChannelHandlerContext context) {
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
