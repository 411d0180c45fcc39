package io.github.http3spring.netty.request;

import java.time.Duration;
import java.util.function.LongSupplier;

import io.github.http3spring.netty.protocol.ConnectionError;
import io.github.http3spring.netty.protocol.PeerErrorLog;
import io.github.http3spring.netty.protocol.Priority;
import io.github.http3spring.netty.settings.ServerLimits;
import io.github.http3spring.netty.stack.HandlerSubscription;
import io.github.http3spring.server.OpenRequestSnapshot;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamResetException;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * One request stream, as its first handler: the {@link IncomingRequest}, the
 * {@link OutgoingResponse}, and the ways in which a request ends before its time.
 * Confined to the event loop of the connection.
 */
public final class RequestStream extends ChannelDuplexHandler implements OutgoingResponse.Owner, RequestCodec.Owner {

	private final RequestOwner owner;

	private final QuicStreamChannel stream;

	private final ServerLimits limits;

	private final IncomingRequest incoming;

	private final OutgoingResponse outgoing;

	private final RequestExchange exchange;

	private final LongSupplier clock;

	private final long openedAt;

	/**
	 * Bytes that had arrived when it was last looked at, and there were more of them.
	 */
	private long seenBytes;

	private long seenAt;

	private int resetCode = Http3ErrorCode.H3_INTERNAL_ERROR.code();

	private boolean refused;

	private @Nullable ResponsePriority priority;

	RequestStream(RequestOwner owner, ServerLimits limits, QuicStreamChannel stream, LongSupplier clock) {
		this.owner = owner;
		this.stream = stream;
		this.limits = limits;
		this.incoming = new IncomingRequest(stream, limits.maxHeaderSize(), owner);
		this.outgoing = new OutgoingResponse(stream, owner.unsentData(), this, clock);
		this.exchange = new RequestExchange(this.outgoing);
		this.clock = clock;
		this.openedAt = clock.getAsLong();
		this.seenAt = this.openedAt;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.stream.closeFuture().addListener((future) -> {
			HandlerSubscription.cancel(this.stream);
			this.owner.requestEnded(end(), this::describe);
		});
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		if (ctx.pipeline().get(NettyPipeline.HttpTrafficHandler) != null) {
			ctx.pipeline().addAfter(NettyPipeline.HttpTrafficHandler, null, this.exchange);
			RequestCodec.install(ctx.pipeline(), this, this.limits.maxHeaderSize());
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
		long before = this.incoming.bytes();
		Ruling ruling = this.incoming.acceptMessage(msg, this.refused);
		this.owner.delivered(this.incoming.bytes() - before);
		if (ruling.passes()) {
			ctx.fireChannelRead(msg);
		}
		else {
			act(ruling);
			ReferenceCountUtil.release(msg);
		}
		this.incoming.messageRead();
		this.outgoing.flushEnd(ctx);
	}

	/**
	 * Of the two events by which the codec tells the end of a request the handlers need
	 * the second one, and hear nothing of the first.
	 */
	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (event == ChannelInputShutdownReadComplete.INSTANCE) {
			end(ctx, event);
		}
		else if (event != ChannelInputShutdownEvent.INSTANCE) {
			ctx.fireUserEventTriggered(event);
		}
	}

	private void end(ChannelHandlerContext ctx, Object event) {
		Ruling ruling = this.incoming.acceptEnd(this.refused, hasHeaders());
		if (ruling.passes()) {
			ctx.fireUserEventTriggered(event);
			this.outgoing.flushEnd(ctx);
		}
		else {
			act(ruling);
		}
	}

	private void act(Ruling ruling) {
		Http3ErrorCode error = (ruling.error() != null) ? ruling.error() : Http3ErrorCode.H3_NO_ERROR;
		switch (ruling.action()) {
			case PASS, DROP -> {
				// Nothing to do
			}
			case REFUSE_FIELD_SECTION -> refuseLargeFieldSection();
			case TIME_OUT -> refuse(HttpResponseStatus.REQUEST_TIMEOUT, error);
			case CANCEL -> cancel(error);
			case ABANDON -> {
				PeerErrorLog.log(this.stream, error);
				abandon(error);
			}
			case END -> shutDown();
			case RAISE -> {
				this.refused = true;
				ConnectionError.raise(this.stream, error);
			}
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
	 * Return whether the header section has arrived, which the application may know of
	 * then.
	 */
	private boolean hasHeaders() {
		return this.exchange.request() != null;
	}

	private RequestEnd end() {
		return new RequestEnd(this.stream.streamId(), this.incoming.isReceived(), this.outgoing.isSent(),
				this.outgoing.bytes(), this.outgoing.timeToRead());
	}

	private Duration age() {
		return Duration.ofNanos(this.clock.getAsLong() - this.openedAt);
	}

	@Override
	public OpenRequestSnapshot describe() {
		HttpRequest request = this.exchange.request();
		return new OpenRequestSnapshot((request != null) ? request.method().name() : "?",
				(request != null) ? request.uri() : "(header section incomplete)", age());
	}

	/**
	 * End the request if its header section has not arrived in time, or next to nothing
	 * of its content since that time: a client may be slow, but not silent.
	 */
	void endUnlessReceived(Duration timeout) {
		long now = this.clock.getAsLong();
		long least = (this.seenBytes > 0) ? this.limits.leastContent(timeout) : 1;
		if (hasHeaders() && this.incoming.bytes() - this.seenBytes >= least) {
			this.seenBytes = this.incoming.bytes();
			this.seenAt = now;
		}
		else if (now - this.seenAt >= timeout.toNanos()) {
			act(this.incoming.timeIsOver(this.outgoing.isSent()));
		}
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
			cancel(Http3ErrorCode.H3_REQUEST_REJECTED);
		}
	}

	/**
	 * End a request whose response was sent while its client went on sending.
	 */
	void shutDown() {
		if (this.outgoing.isSent()) {
			this.incoming.stop();
			endStopped();
		}
	}

	private void endStopped() {
		this.owner.requestStopped(this.stream.streamId());
		this.stream.close();
	}

	@Override
	public boolean mayEndResponse() {
		// Asked again when the handlers have read what has arrived
		return this.refused
				|| (!this.incoming.isBeingRead() && this.incoming.isLookedAt(this.exchange.unexpectedContent(), age()));
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

	@Override
	public void responseEnds() {
		if (this.refused || this.owner.isShuttingDown()) {
			this.incoming.stop();
		}
	}

	@Override
	public void responseEnded() {
		if (this.incoming.isStopped()) {
			endStopped();
		}
	}

	@Override
	public void responseOverrun() {
		HandlerSubscription.cancel(this.stream);
	}

	/**
	 * Note that the response could not be written: stopped by the client, if nobody else
	 * has ended the stream.
	 */
	@Override
	public void responseStopped() {
		noteAbandoned();
		this.stream.close();
		// If the codec is closing it, what waited for flow control fails first
		HandlerSubscription.cancel(this.stream);
	}

	/**
	 * Give the request up because time is over.
	 */
	void expire() {
		refuse(HttpResponseStatus.SERVICE_UNAVAILABLE, Http3ErrorCode.H3_REQUEST_CANCELLED);
	}

	/**
	 * Note what the client says about the priority of the response behind the request or
	 * before it.
	 */
	void priorityUpdated(Priority priority) {
		priority().updated(priority);
	}

	@Override
	public void priorityRequested(Priority priority) {
		priority().requested(priority);
	}

	@Override
	public void priorityAnswered(Priority priority) {
		priority().answered(priority);
	}

	private ResponsePriority priority() {
		if (this.priority == null) {
			this.priority = new ResponsePriority(this.stream);
		}
		return this.priority;
	}

	@Override
	public void raise(Http3ErrorCode errorCode) {
		act(Ruling.raise(errorCode));
	}

	/**
	 * Counts as given up: no client needs many of these answers.
	 */
	@Override
	public void refuseLargeFieldSection() {
		noteAbandoned();
		refuse(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, Http3ErrorCode.H3_EXCESSIVE_LOAD);
	}

	/**
	 * Serve the request no further: a client that has heard nothing gets an answer that
	 * says why, any other a reset.
	 */
	private void refuse(HttpResponseStatus status, Http3ErrorCode errorCode) {
		this.refused = true;
		if (this.outgoing.isEnding() || !this.exchange.respond(status)) {
			cancel(errorCode);
		}
	}

	@Override
	public void abandon(Http3ErrorCode errorCode) {
		noteAbandoned();
		cancel(errorCode);
	}

	@Override
	public void cancel(Http3ErrorCode errorCode) {
		this.resetCode = errorCode.code();
		this.outgoing.setEnding(false);
		this.stream.close();
	}

	/**
	 * A client that has got its response is free not to send the rest of the request.
	 */
	private void noteAbandoned() {
		if (this.stream.isActive() && !this.outgoing.isSent()) {
			this.owner.requestAbandoned();
		}
	}

}
