package io.github.http3spring.netty;

import java.time.Duration;

import io.github.http3spring.server.OpenRequestSnapshot;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.CoalescingBufferQueue;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.DefaultQuicStreamFrame;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamResetException;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.AbortedException;

/**
 * One request stream, as its first handler: sends what was written since the last flush
 * as one piece, the end of the response together with its last bytes, and lets no
 * truncated response look like a whole one. Confined to the event loop of the connection.
 * <p>
 * The end of the stream travels with bytes for a reason: quiche forgets a stream once all
 * of its bytes are acknowledged, even if the packet with a FIN of its own was lost.
 */
final class RequestStream extends ChannelDuplexHandler {

	/**
	 * Most bytes to hold back for a flush.
	 */
	private static final int MAX_GATHERED_BYTES = 64 * 1024;

	private final Http3Connection connection;

	private final RequestExchange exchange = new RequestExchange(this);

	private final long openedAt = System.nanoTime();

	private @Nullable QuicStreamChannel stream;

	private @Nullable CoalescingBufferQueue gathered;

	private @Nullable ChannelPromise deferredClose;

	private int resetCode = Http3ErrorCode.H3_INTERNAL_ERROR.code();

	private boolean ending;

	private boolean requestStopped;

	private @Nullable ChannelFuture response;

	RequestStream(Http3Connection connection) {
		this.connection = connection;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		QuicStreamChannel stream = (QuicStreamChannel) ctx.channel();
		this.stream = stream;
		this.gathered = new CoalescingBufferQueue(stream);
		stream.closeFuture().addListener((future) -> this.connection.requestEnded(this, stream.streamId()));
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		if (ctx.pipeline().get(NettyPipeline.HttpTrafficHandler) != null) {
			ctx.pipeline()
				.addAfter(NettyPipeline.HttpTrafficHandler, null, this.exchange)
				.addBefore(NettyPipeline.H3ToHttp11Codec, null, new RequestErrorHandler(this));
		}
		ctx.fireChannelActive();
	}

	/**
	 * Return whether the whole response was handed to the transport.
	 */
	boolean isResponseSent() {
		return this.response != null && this.response.isSuccess();
	}

	/**
	 * Note that what is written until the next flush is the end of the response.
	 * @param ending {@code false} if that could not be written
	 */
	void endResponse(boolean ending) {
		this.ending = ending;
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
		if (this.gathered == null || !(msg instanceof ByteBuf buffer)) {
			ctx.write(msg, promise);
			return;
		}
		if (this.response != null) {
			// The handler writes on after its response was ended for it
			buffer.release();
			promise.tryFailure(AbortedException.beforeSend());
			return;
		}
		this.gathered.add(buffer, promise);
		if (!this.ending && this.gathered.readableBytes() >= MAX_GATHERED_BYTES) {
			writeGathered(ctx);
		}
	}

	@Override
	public void flush(ChannelHandlerContext ctx) {
		writeGathered(ctx);
		ctx.flush();
	}

	private void writeGathered(ChannelHandlerContext ctx) {
		CoalescingBufferQueue gathered = this.gathered;
		if (gathered == null || gathered.isEmpty()) {
			return;
		}
		ChannelPromise promise = ctx.newPromise();
		ByteBuf data = gathered.remove(gathered.readableBytes(), promise);
		ChannelPromise written = ctx.newPromise();
		written.addListener((future) -> complete(promise, future));
		if (this.ending) {
			if (this.connection.isShuttingDown()) {
				stopRequest();
			}
			// Known before the write, which may close the stream before it returns
			this.response = written;
			written.addListener((future) -> responseWritten());
			ctx.write(new DefaultQuicStreamFrame(data, true), written);
		}
		else {
			ctx.write(data, written);
		}
	}

	private void complete(ChannelPromise promise, Future<? super Void> written) {
		if (written.isSuccess()) {
			promise.trySuccess();
			return;
		}
		// Spring knows this exception for a client that went away, and logs no error
		promise.tryFailure(new AbortedException(written.cause()));
		if (this.stream != null) {
			this.stream.close();
		}
	}

	private void responseWritten() {
		if (this.stream != null && this.deferredClose != null) {
			this.stream.close(this.deferredClose);
		}
		else if (this.requestStopped) {
			endStopped();
		}
	}

	/**
	 * Ask the client to send no more of a request that is answered (RFC 9114 section
	 * 4.1). Before the end of the response rather than after it: a client that resets its
	 * side first and acknowledges the response then lets quiche finish the stream.
	 */
	private void stopRequest() {
		QuicStreamChannel stream = this.stream;
		if (stream != null && !stream.isInputShutdown()) {
			this.requestStopped = true;
			stream.shutdownInput(Http3ErrorCode.H3_NO_ERROR.code());
		}
	}

	private void endStopped() {
		if (this.stream != null) {
			this.connection.requestStopped(this.stream.streamId());
			this.stream.close();
		}
	}

	/**
	 * End a request whose response was sent while its client went on sending.
	 */
	void shutDown() {
		if (isResponseSent()) {
			stopRequest();
			endStopped();
		}
	}

	/**
	 * Give the request up because time is over: a client that has heard nothing gets an
	 * answer that says so, any other a reset.
	 */
	void expire() {
		if (this.ending || !this.exchange.respondUnavailable()) {
			cancel(Http3ErrorCode.H3_REQUEST_CANCELLED.code());
		}
	}

	/**
	 * Describe the request.
	 */
	OpenRequestSnapshot describe() {
		HttpRequest request = this.exchange.request();
		return new OpenRequestSnapshot((request != null) ? request.method().name() : "?",
				(request != null) ? request.uri() : "?", Duration.ofNanos(System.nanoTime() - this.openedAt));
	}

	/**
	 * Cancel the request: reset the stream and end its handler's subscription.
	 */
	void cancel(int errorCode) {
		this.resetCode = errorCode;
		this.ending = false;
		if (this.stream != null) {
			this.stream.close();
		}
	}

	@Override
	public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
		if (this.ending && !isResponseSent() && ctx.channel().isActive()) {
			// The end of the response waits for flow control
			writeGathered(ctx);
			if (!isResponseSent()) {
				this.deferredClose = promise;
				this.ending = false;
				return;
			}
		}
		if (!isResponseSent() && this.stream != null && this.stream.isActive()) {
			if (this.gathered != null) {
				this.gathered.releaseAndFailAll(ctx, AbortedException.beforeSend());
			}
			// Netty would send a FIN, and a truncated response would look whole
			this.stream.shutdown(this.resetCode, this.stream.newPromise());
			QuicheAccess.withholdFin(this.stream);
		}
		ctx.close(promise);
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		if (this.gathered != null) {
			this.gathered.releaseAndFailAll(ctx, AbortedException.beforeSend());
		}
		ctx.fireChannelInactive();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (cause instanceof QuicStreamResetException) {
			// Reactor Netty would wait for the rest of the request
			this.resetCode = Http3ErrorCode.H3_REQUEST_CANCELLED.code();
			ctx.channel().close();
			return;
		}
		ctx.fireExceptionCaught(cause);
	}

}
