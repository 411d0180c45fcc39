package io.github.http3spring.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.http3.Http3Exception;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Resets a malformed request with the error code of RFC 9114 section 4.1.2. Stands right
 * behind the codec's checks: further on, the codec logs an ERROR for what is the peer's,
 * and Reactor Netty ends the stream as if the response were whole.
 */
final class RequestErrorHandler extends ChannelInboundHandlerAdapter {

	private static final Log logger = LogFactory.getLog(RequestErrorHandler.class);

	private final RequestStream request;

	RequestErrorHandler(RequestStream request) {
		this.request = request;
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
		this.request.cancel(errorCode.code());
	}

}
