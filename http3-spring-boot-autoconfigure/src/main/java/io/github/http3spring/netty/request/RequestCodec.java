package io.github.http3spring.netty.request;

import io.github.http3spring.netty.protocol.PeerErrorLog;
import io.github.http3spring.netty.protocol.Priority;
import io.github.http3spring.netty.protocol.RequestFields;
import io.github.http3spring.netty.protocol.ResponseContent;
import io.github.http3spring.server.OpenRequestSnapshot;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.http3.Http3Exception;
import io.netty.incubator.codec.http3.Http3FrameToHttpObjectCodec;
import io.netty.incubator.codec.http3.Http3HeadersFrame;
import io.netty.incubator.codec.http3.Http3UnknownFrame;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.netty.NettyPipeline;

import org.springframework.core.log.LogFormatUtils;

/**
 * Takes the place of the codec between HTTP/3 frames and HTTP objects, to reset a
 * malformed request with the error code of RFC 9114 section 4.1.2, and to refuse one
 * whose field sections are too large (section 4.2.2). Left to itself, the codec logs an
 * ERROR for what is the peer's and lets the request wait for ever, and Reactor Netty ends
 * the stream as if the response were whole. Nor may a response end like a whole one that
 * is none.
 */
final class RequestCodec extends ChannelDuplexHandler {

	private static final Log logger = LogFactory.getLog(RequestCodec.class);

	private static final int MAX_LOG_LENGTH = 200;

	private final Http3FrameToHttpObjectCodec codec;

	private final Owner owner;

	private final long maxFieldSectionSize;

	private final ResponseContent responseContent = new ResponseContent();

	private CharSequence method = AsciiString.EMPTY_STRING;

	private boolean messageRead;

	private RequestCodec(Http3FrameToHttpObjectCodec codec, Owner owner, long maxFieldSectionSize) {
		this.codec = codec;
		this.owner = owner;
		this.maxFieldSectionSize = maxFieldSectionSize;
	}

	/**
	 * Put the codec where Reactor Netty has put its own.
	 */
	static void install(ChannelPipeline pipeline, Owner owner, long maxFieldSectionSize) {
		Http3FrameToHttpObjectCodec codec = pipeline.get(Http3FrameToHttpObjectCodec.class);
		pipeline.replace(codec, NettyPipeline.H3ToHttp11Codec, new RequestCodec(codec, owner, maxFieldSectionSize));
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (!ctx.channel().isActive() || (msg instanceof Http3HeadersFrame frame && !isAcceptable(ctx, frame))) {
			ReferenceCountUtil.release(msg);
			return;
		}
		this.messageRead |= !(msg instanceof Http3UnknownFrame);
		try {
			this.codec.channelRead(ctx, msg);
		}
		catch (Exception ex) {
			// Of the codec itself: handlers further on get their own exceptions
			resetMalformed(ctx, ex);
		}
	}

	private boolean isAcceptable(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
		if (RequestFields.size(frame.headers()) > this.maxFieldSectionSize) {
			PeerErrorLog.log(ctx.channel(), "field section is too large");
			this.owner.refuseLargeFieldSection();
			return false;
		}
		String error = RequestFields.findError(frame.headers());
		if (error != null) {
			resetMalformed(ctx, new Http3Exception(Http3ErrorCode.H3_MESSAGE_ERROR, error));
			return false;
		}
		RequestFields.removeRepeatedHost(frame.headers());
		if (frame.headers().method() != null) {
			this.method = frame.headers().method();
			CharSequence priority = frame.headers().get(Priority.FIELD);
			if (priority != null) {
				this.owner.priorityRequested(Priority.parse(priority));
			}
		}
		return true;
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		if (!this.messageRead && !ctx.channel().config().isAutoRead()) {
			// The handler that has asked for a message still waits for it
			ctx.read();
		}
		this.messageRead = false;
		ctx.fireChannelReadComplete();
	}

	/**
	 * Let the request end for the codec, which waits for the first of two events, with
	 * the second one: the handlers before it check the length of the content then.
	 */
	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
		if (event == ChannelInputShutdownReadComplete.INSTANCE) {
			this.codec.userEventTriggered(ctx, ChannelInputShutdownEvent.INSTANCE);
		}
		ctx.fireUserEventTriggered(event);
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) throws Exception {
		String error = this.responseContent.follow(this.method, msg);
		if (error != null) {
			ReferenceCountUtil.release(msg);
			fail(ctx, error, promise);
		}
		else if (this.responseContent.isSuperfluous(msg)) {
			writeWithoutContent(ctx, (HttpContent) msg, promise);
		}
		else {
			String priority = (msg instanceof HttpResponse response) ? response.headers().get(Priority.FIELD) : null;
			if (priority != null) {
				this.owner.priorityAnswered(Priority.parse(priority));
			}
			this.codec.write(ctx, msg, promise);
		}
	}

	/**
	 * Reset the stream because of what the application has written.
	 */
	private void fail(ChannelHandlerContext ctx, String error, ChannelPromise promise) {
		if (ctx.channel().isActive()) {
			logger.error("HTTP/3 response " + error + ", reset: "
					+ LogFormatUtils.formatValue(this.owner.describe(), MAX_LOG_LENGTH, true));
		}
		this.owner.cancel(Http3ErrorCode.H3_INTERNAL_ERROR);
		promise.tryFailure(new IllegalStateException("Response " + error));
	}

	private void writeWithoutContent(ChannelHandlerContext ctx, HttpContent part, ChannelPromise promise)
			throws Exception {
		if (part instanceof LastHttpContent) {
			this.codec.write(ctx, part.replace(Unpooled.EMPTY_BUFFER), promise);
		}
		else {
			promise.trySuccess();
		}
		part.release();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (cause instanceof DecoderException || cause instanceof AssertionError) {
			// Thrown by the codec beyond the end of a field section or of an integer (RFC
			// 9204 sections 2.2 and 7.4), with assertions enabled as such
			PeerErrorLog.log(ctx.channel(), cause);
			this.owner.raise(Http3ErrorCode.QPACK_DECOMPRESSION_FAILED);
		}
		else if (PeerErrorLog.isErrorOfPeer(cause) || cause instanceof IllegalArgumentException) {
			resetMalformed(ctx, cause);
		}
		else {
			ctx.fireExceptionCaught(cause);
		}
	}

	private void resetMalformed(ChannelHandlerContext ctx, Throwable cause) {
		PeerErrorLog.log(ctx.channel(), cause);
		Http3ErrorCode errorCode = (cause instanceof Http3Exception exception) ? exception.errorCode()
				: Http3ErrorCode.H3_MESSAGE_ERROR;
		this.owner.abandon(errorCode);
	}

	/**
	 * The request, which does what is found to be necessary.
	 */
	interface Owner {

		/**
		 * Refuse a request whose header or trailer section is too large.
		 */
		void refuseLargeFieldSection();

		/**
		 * Cancel the request because of its client.
		 */
		void abandon(Http3ErrorCode errorCode);

		/**
		 * Cancel the request: reset the stream and end its handler's subscription.
		 */
		void cancel(Http3ErrorCode errorCode);

		/**
		 * Close the connection because of its client.
		 */
		void raise(Http3ErrorCode errorCode);

		/**
		 * Note what the request says about its priority.
		 */
		void priorityRequested(Priority priority);

		/**
		 * Note what the response says about its priority.
		 */
		void priorityAnswered(Priority priority);

		/**
		 * Describe the request.
		 */
		OpenRequestSnapshot describe();

	}

}
