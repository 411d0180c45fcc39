package io.github.http3spring.netty;

import java.time.Duration;
import java.util.Optional;

import io.github.http3spring.server.OpenRequestSnapshot;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamResetException;
import io.netty.util.ReferenceCountUtil;
import reactor.netty.NettyPipeline;

/**
 * One request stream, as its first handler: the {@link IncomingRequest}, the
 * {@link OutgoingResponse}, and the ways in which a request ends before its time.
 * Confined to the event loop of the connection.
 */
final class RequestStream extends ChannelDuplexHandler {

	private final Http3Connection connection;

	private final QuicStreamChannel stream;

	private final IncomingRequest incoming;

	private final OutgoingResponse outgoing;

	private final RequestExchange exchange;

	private final long openedAt = System.nanoTime();

	private int resetCode = Http3ErrorCode.H3_INTERNAL_ERROR.code();

	private boolean refused;

	RequestStream(Http3Connection connection, QuicStreamChannel stream) {
		this.connection = connection;
		this.stream = stream;
		this.incoming = new IncomingRequest(this, stream, connection.limits().maxHeaderSize());
		this.outgoing = new OutgoingResponse(this, stream);
		this.exchange = new RequestExchange(this.outgoing);
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.stream.closeFuture().addListener((future) -> {
			HandlerSubscription.cancel(this.stream);
			this.connection.requestEnded(this, this.stream.streamId());
		});
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
	public void read(ChannelHandlerContext ctx) {
		this.incoming.readRequested();
		ctx.read();
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (this.incoming.acceptMessage(msg)) {
			ctx.fireChannelRead(msg);
		}
		else {
			ReferenceCountUtil.release(msg);
		}
		this.incoming.messageRead();
		this.outgoing.flushEnd(ctx);
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (this.incoming.acceptEvent(event)) {
			ctx.fireUserEventTriggered(event);
			this.outgoing.flushEnd(ctx);
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (cause instanceof QuicStreamResetException) {
			// Reactor Netty would wait for the rest of the request
			this.resetCode = Http3ErrorCode.H3_REQUEST_CANCELLED.code();
			noteAbandoned();
			this.stream.close();
			return;
		}
		ctx.fireExceptionCaught(cause);
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
		this.outgoing.write(ctx, msg, promise);
	}

	@Override
	public void flush(ChannelHandlerContext ctx) {
		this.outgoing.writeGathered(ctx);
		ctx.flush();
	}

	@Override
	public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
		if (!this.outgoing.defersClose(ctx, promise)) {
			this.outgoing.resetUnlessSent(this.resetCode);
			// Ends the subscription of the handler
			ctx.close(promise);
			this.outgoing.discard(ctx);
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		this.outgoing.discard(ctx);
		ctx.fireChannelInactive();
	}

	/**
	 * Return whether the request has arrived to its end.
	 */
	boolean isReceived() {
		return this.incoming.isReceived();
	}

	/**
	 * Return whether the header section has arrived, which the application may know of
	 * then.
	 */
	boolean hasHeaders() {
		return this.exchange.request() != null;
	}

	/**
	 * Return whether the whole response was handed to the transport.
	 */
	boolean isResponseSent() {
		return this.outgoing.isSent();
	}

	long responseBytes() {
		return this.outgoing.bytes();
	}

	/**
	 * Return how long the client still has to read the response, empty if nothing is
	 * known of its pace.
	 */
	Optional<Duration> timeToRead() {
		return this.outgoing.timeToRead();
	}

	/**
	 * Return whether nothing more of the request is looked at.
	 */
	boolean isRefused() {
		return this.refused;
	}

	Duration age() {
		return Duration.ofNanos(System.nanoTime() - this.openedAt);
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
	 * End the request if its client has not sent all of it in time.
	 */
	void endUnlessReceived(Duration timeout) {
		this.incoming.endUnlessReceived(timeout);
	}

	/**
	 * Read the end of the request if nobody else does.
	 */
	void readEnd() {
		this.incoming.readEnd();
		this.outgoing.flushEnd(this.stream.pipeline().context(this));
	}

	/**
	 * Reject the request if its header section has not arrived in that time: the
	 * application has heard nothing of it, and the client may send it again elsewhere.
	 */
	void rejectIfIncomplete(Duration time) {
		if (!hasHeaders() && age().compareTo(time) > 0) {
			cancel(Http3ErrorCode.H3_REQUEST_REJECTED.code());
		}
	}

	/**
	 * End a request whose response was sent while its client went on sending.
	 */
	void shutDown() {
		if (isResponseSent()) {
			this.incoming.stop();
			endStopped();
		}
	}

	private void endStopped() {
		this.connection.requestStopped(this.stream.streamId());
		this.stream.close();
	}

	/**
	 * Return how much content the request announces whose method lets nobody expect any.
	 */
	long unexpectedContent() {
		return this.exchange.unexpectedContent();
	}

	/**
	 * Return whether the response may end.
	 */
	boolean mayEndResponse() {
		return this.incoming.isLookedAt();
	}

	/**
	 * Return whether the transport may be given more of the response.
	 */
	boolean mayWrite() {
		return this.connection.unsentData().hasRoom();
	}

	/**
	 * Note that the transport has taken something of the response.
	 */
	void taken(int bytes) {
		this.connection.unsentData().add(bytes);
	}

	/**
	 * Go on with a response that the transport could not take any more of.
	 */
	void resume() {
		ChannelHandlerContext context = this.stream.pipeline().context(this);
		if (context != null) {
			this.outgoing.writeGathered(context);
		}
	}

	/**
	 * Note that the next write is the last of the response.
	 */
	void responseEnds() {
		if (this.refused || this.connection.isShuttingDown()) {
			this.incoming.stop();
		}
	}

	/**
	 * Note that the last write of the response has come to its end.
	 */
	void responseEnded() {
		if (this.incoming.isStopped()) {
			endStopped();
		}
	}

	/**
	 * Note that the handler writes on after its response has come to its end.
	 */
	void responseOverrun() {
		HandlerSubscription.cancel(this.stream);
	}

	/**
	 * Note that the response could not be written: stopped by the client, if nobody else
	 * has ended the stream.
	 */
	void responseStopped() {
		noteAbandoned();
		this.stream.close();
		// If the codec is closing it, what waited for flow control fails first
		HandlerSubscription.cancel(this.stream);
	}

	/**
	 * Close the connection because of an error of its client.
	 */
	void raise(Http3ErrorCode error) {
		this.refused = true;
		ConnectionError.raise(this.stream, error);
	}

	/**
	 * Give the request up because time is over.
	 */
	void expire() {
		refuse(HttpResponseStatus.SERVICE_UNAVAILABLE, Http3ErrorCode.H3_REQUEST_CANCELLED);
	}

	/**
	 * Refuse a request whose header or trailer section is too large.
	 */
	void refuseLargeFieldSection() {
		refuse(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, Http3ErrorCode.H3_EXCESSIVE_LOAD);
	}

	/**
	 * Serve the request no further: a client that has heard nothing gets an answer that
	 * says why, any other a reset.
	 */
	void refuse(HttpResponseStatus status, Http3ErrorCode errorCode) {
		this.refused = true;
		if (this.outgoing.isEnding() || !this.exchange.respond(status)) {
			cancel(errorCode.code());
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
	 * Cancel the request: reset the stream and end its handler's subscription.
	 */
	void cancel(int errorCode) {
		this.resetCode = errorCode;
		this.outgoing.setEnding(false);
		this.stream.close();
	}

	/**
	 * A client that has got its response is free not to send the rest of the request.
	 */
	private void noteAbandoned() {
		if (this.stream.isActive() && !isResponseSent()) {
			this.connection.requestAbandoned();
		}
	}

}
