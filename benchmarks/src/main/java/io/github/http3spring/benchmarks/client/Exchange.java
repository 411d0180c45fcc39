package io.github.http3spring.benchmarks.client;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Sends a request on a stream, and collects the response. What a frame is, is up to the
 * version of HTTP.
 */
abstract class Exchange extends ChannelInboundHandlerAdapter {

	private final CompletableFuture<Client.Response> response = new CompletableFuture<>();

	private final Client.Request request;

	private String status = "none";

	private long received;

	private long left;

	Exchange(Client.Request request) {
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
		writeHeaders(context, this.request);
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
			writeContent(context, Chunks.of(size), this.left == 0);
		}
		context.flush();
	}

	/**
	 * Write the header section, which is all there is of a request of no size.
	 */
	abstract void writeHeaders(ChannelHandlerContext context, Client.Request request);

	/**
	 * Write content.
	 */
	abstract void writeContent(ChannelHandlerContext context, ByteBuf content, boolean last);

	/**
	 * Note the header section of the response.
	 */
	void answered(CharSequence status) {
		this.status = status.toString();
	}

	/**
	 * Note content of the response.
	 */
	void received(ByteBuf content) {
		this.received += content.readableBytes();
	}

	/**
	 * Note that the response is whole.
	 */
	void end() {
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
