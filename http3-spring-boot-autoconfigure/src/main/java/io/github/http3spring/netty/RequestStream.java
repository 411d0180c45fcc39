package io.github.http3spring.netty;

import java.time.Duration;

import io.github.http3spring.server.OpenRequestSnapshot;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.CoalescingBufferQueue;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
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

	private final FrameHeaders frames = new FrameHeaders(this::checkFrame);

	private final long openedAt = System.nanoTime();

	private @Nullable QuicStreamChannel stream;

	private @Nullable CoalescingBufferQueue gathered;

	private @Nullable ChannelPromise deferredClose;

	private int resetCode = Http3ErrorCode.H3_INTERNAL_ERROR.code();

	private boolean ending;

	private boolean readPending;

	private boolean received;

	private boolean refused;

	private boolean requestStopped;

	private @Nullable ChannelFuture response;

	private long responseStartedAt;

	private long responseBytes;

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
			ctx.pipeline().addAfter(NettyPipeline.HttpTrafficHandler, null, this.exchange);
			RequestCodec.install(ctx.pipeline(), this, this.connection.limits().maxHeaderSize());
		}
		ctx.fireChannelActive();
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		this.readPending = false;
		Http3ErrorCode error = (msg instanceof ByteBuf buffer) ? this.frames.follow(buffer) : null;
		if (error == null) {
			ctx.fireChannelRead(msg);
			return;
		}
		((ByteBuf) msg).release();
		if (!this.refused) {
			refuseFrame(error);
		}
	}

	@Override
	public void read(ChannelHandlerContext ctx) {
		this.readPending = true;
		ctx.read();
	}

	/**
	 * Return whether the request has arrived to its end.
	 */
	boolean isReceived() {
		return this.received;
	}

	/**
	 * End a request of which the client has not sent all in time. One that waits because
	 * nobody reads it is left alone.
	 */
	void endUnlessReceived(Duration timeout) {
		if (this.received || age().compareTo(timeout) < 0) {
			return;
		}
		if (isResponseSent()) {
			shutDown();
		}
		else if (this.readPending) {
			refuse(HttpResponseStatus.REQUEST_TIMEOUT, Http3ErrorCode.H3_REQUEST_CANCELLED);
		}
	}

	/**
	 * Read the end of a request that nobody reads, which may be a reset. No content is
	 * left before it that would have to wait for the handler.
	 */
	void readEnd() {
		QuicStreamChannel stream = this.stream;
		if (stream != null && !this.received && !this.readPending
				&& QuicheAccess.isAtEnd(stream.parent(), stream.streamId())) {
			stream.read();
		}
	}

	private @Nullable Http3ErrorCode checkFrame(long type, long length) {
		if (type == FrameHeaders.PUSH_PROMISE) {
			return Http3ErrorCode.H3_FRAME_UNEXPECTED;
		}
		boolean large = type != FrameHeaders.DATA && length > this.connection.limits().maxHeaderSize();
		return large ? Http3ErrorCode.H3_EXCESSIVE_LOAD : null;
	}

	private void refuseFrame(Http3ErrorCode error) {
		if (error == Http3ErrorCode.H3_FRAME_UNEXPECTED) {
			raise(error);
		}
		else if (this.frames.isFieldSection()) {
			refuseLargeFieldSection();
		}
		else {
			cancel(error.code());
		}
	}

	private void raise(Http3ErrorCode error) {
		this.refused = true;
		if (this.stream != null) {
			ConnectionError.raise(this.stream, error);
		}
	}

	/**
	 * Let no request end within a frame (RFC 9114 section 7.1) or before it is complete
	 * (section 4.1): for the handlers behind this one it would be whole.
	 */
	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		boolean end = event == ChannelInputShutdownEvent.INSTANCE || event == ChannelInputShutdownReadComplete.INSTANCE;
		if (!end || endsWhole(ctx)) {
			this.received |= event == ChannelInputShutdownReadComplete.INSTANCE;
			ctx.fireUserEventTriggered(event);
		}
	}

	private boolean endsWhole(ChannelHandlerContext ctx) {
		if (this.refused || !ctx.channel().isActive()) {
			return false;
		}
		if (this.frames.isInFrame()) {
			raise(Http3ErrorCode.H3_FRAME_ERROR);
			return false;
		}
		if (this.exchange.request() == null) {
			PeerErrorLog.log(ctx.channel(), Http3ErrorCode.H3_REQUEST_INCOMPLETE);
			abandon(Http3ErrorCode.H3_REQUEST_INCOMPLETE);
			return false;
		}
		return true;
	}

	/**
	 * Reject the request if its header section has not arrived in that time: the
	 * application has heard nothing of it, and the client may send it again elsewhere.
	 */
	void rejectIfIncomplete(Duration time) {
		if (this.exchange.request() == null && age().compareTo(time) > 0) {
			cancel(Http3ErrorCode.H3_REQUEST_REJECTED.code());
		}
	}

	private Duration age() {
		return Duration.ofNanos(System.nanoTime() - this.openedAt);
	}

	/**
	 * Refuse a request whose header or trailer section is too large.
	 */
	void refuseLargeFieldSection() {
		refuse(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, Http3ErrorCode.H3_EXCESSIVE_LOAD);
	}

	/**
	 * Return whether the whole response was handed to the transport.
	 */
	boolean isResponseSent() {
		return this.response != null && this.response.isSuccess();
	}

	/**
	 * Return when the first bytes of the response were handed to the transport.
	 */
	long responseStartedAt() {
		return this.responseStartedAt;
	}

	long responseBytes() {
		return this.responseBytes;
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
		if (this.responseBytes == 0) {
			this.responseStartedAt = System.nanoTime();
		}
		this.responseBytes += data.readableBytes();
		ChannelPromise written = ctx.newPromise();
		written.addListener((future) -> complete(promise, future));
		if (this.ending) {
			if (this.refused || this.connection.isShuttingDown()) {
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
		// Stopped by the client, if nobody else has ended the stream
		noteAbandoned();
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
	 * Give the request up because time is over.
	 */
	void expire() {
		refuse(HttpResponseStatus.SERVICE_UNAVAILABLE, Http3ErrorCode.H3_REQUEST_CANCELLED);
	}

	/**
	 * Serve the request no further: a client that has heard nothing gets an answer that
	 * says why, any other a reset.
	 */
	private void refuse(HttpResponseStatus status, Http3ErrorCode errorCode) {
		this.refused = true;
		if (this.ending || !this.exchange.respond(status)) {
			cancel(errorCode.code());
		}
	}

	/**
	 * Describe the request.
	 */
	OpenRequestSnapshot describe() {
		HttpRequest request = this.exchange.request();
		return new OpenRequestSnapshot((request != null) ? request.method().name() : "?",
				(request != null) ? request.uri() : "(header section incomplete)", age());
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

	/**
	 * Cancel the request because of its client.
	 */
	void abandon(Http3ErrorCode errorCode) {
		noteAbandoned();
		cancel(errorCode.code());
	}

	/**
	 * A client that has got its response is free not to send the rest of the request.
	 */
	private void noteAbandoned() {
		if (this.stream != null && this.stream.isActive() && !isResponseSent()) {
			this.connection.requestAbandoned();
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
			noteAbandoned();
			ctx.channel().close();
			return;
		}
		ctx.fireExceptionCaught(cause);
	}

}
