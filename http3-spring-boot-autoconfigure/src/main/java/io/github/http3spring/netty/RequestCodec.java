package io.github.http3spring.netty;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.http3.Http3Exception;
import io.netty.incubator.codec.http3.Http3FrameToHttpObjectCodec;
import io.netty.incubator.codec.http3.Http3HeadersFrame;
import io.netty.incubator.codec.http3.Http3UnknownFrame;
import io.netty.util.ReferenceCountUtil;
import reactor.netty.NettyPipeline;

/**
 * Takes the place of the codec between HTTP/3 frames and HTTP objects, to reset a
 * malformed request with the error code of RFC 9114 section 4.1.2, and to refuse one
 * whose field sections are too large (section 4.2.2). Left to itself, the codec logs an
 * ERROR for what is the peer's and lets the request wait for ever, and Reactor Netty ends
 * the stream as if the response were whole.
 */
final class RequestCodec extends ChannelDuplexHandler {

	private final Http3FrameToHttpObjectCodec codec;

	private final RequestStream request;

	private final long maxFieldSectionSize;

	private boolean messageRead;

	private RequestCodec(Http3FrameToHttpObjectCodec codec, RequestStream request, long maxFieldSectionSize) {
		this.codec = codec;
		this.request = request;
		this.maxFieldSectionSize = maxFieldSectionSize;
	}

	/**
	 * Put the codec where Reactor Netty has put its own.
	 */
	static void install(ChannelPipeline pipeline, RequestStream request, long maxFieldSectionSize) {
		Http3FrameToHttpObjectCodec codec = pipeline.get(Http3FrameToHttpObjectCodec.class);
		pipeline.replace(codec, NettyPipeline.H3ToHttp11Codec, new RequestCodec(codec, request, maxFieldSectionSize));
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
			this.request.refuseLargeFieldSection();
			return false;
		}
		String error = RequestFields.findError(frame.headers());
		if (error != null) {
			resetMalformed(ctx, new Http3Exception(Http3ErrorCode.H3_MESSAGE_ERROR, error));
		}
		return error == null;
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		if (!this.messageRead && !ctx.channel().config().isAutoRead()) {
			// Whoever has asked for a message still waits for it
			ctx.read();
		}
		this.messageRead = false;
		ctx.fireChannelReadComplete();
	}

	/**
	 * Let the request end only when the length of its content has been checked: the codec
	 * does that with the second of two events.
	 */
	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
		if (event == ChannelInputShutdownEvent.INSTANCE) {
			return;
		}
		if (event == ChannelInputShutdownReadComplete.INSTANCE) {
			this.codec.userEventTriggered(ctx, ChannelInputShutdownEvent.INSTANCE);
		}
		ctx.fireUserEventTriggered(event);
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) throws Exception {
		this.codec.write(ctx, msg, promise);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (PeerErrorLog.isErrorOfPeer(cause) || cause instanceof IllegalArgumentException) {
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
		this.request.abandon(errorCode);
	}

}
