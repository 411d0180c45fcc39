package io.github.http3spring.netty;

import java.util.Map;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.http3.Http3Exception;
import io.netty.incubator.codec.http3.Http3Headers;
import io.netty.incubator.codec.http3.Http3HeadersFrame;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Resets a malformed request with the error code of RFC 9114 section 4.1.2, and refuses
 * one whose field sections are too large (section 4.2.2). Stands right behind the codec's
 * checks: further on, the codec logs an ERROR for what is the peer's, and Reactor Netty
 * ends the stream as if the response were whole.
 */
final class RequestErrorHandler extends ChannelInboundHandlerAdapter {

	private static final Log logger = LogFactory.getLog(RequestErrorHandler.class);

	/**
	 * What each field counts beyond its name and its value.
	 */
	private static final int FIELD_OVERHEAD = 32;

	private final RequestStream request;

	private final long maxFieldSectionSize;

	RequestErrorHandler(RequestStream request, long maxFieldSectionSize) {
		this.request = request;
		this.maxFieldSectionSize = maxFieldSectionSize;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (msg instanceof Http3HeadersFrame frame && size(frame.headers()) > this.maxFieldSectionSize) {
			logger.debug("HTTP/3 request with a field section that is too large: " + ctx.channel());
			this.request.refuseLargeFieldSection();
			return;
		}
		ctx.fireChannelRead(msg);
	}

	private static long size(Http3Headers headers) {
		long size = 0;
		for (Map.Entry<CharSequence, CharSequence> field : headers) {
			size += field.getKey().length() + field.getValue().length() + FIELD_OVERHEAD;
		}
		return size;
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (!PeerErrorLog.isErrorOfPeer(cause)) {
			ctx.fireExceptionCaught(cause);
			return;
		}
		logger.debug("Malformed HTTP/3 request: " + ctx.channel(), cause);
		Http3ErrorCode errorCode = (cause instanceof Http3Exception http3Exception) ? http3Exception.errorCode()
				: Http3ErrorCode.H3_MESSAGE_ERROR;
		this.request.abandon(errorCode);
	}

}
