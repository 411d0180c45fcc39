package io.github.http3spring.netty;

import java.io.IOException;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Logs what peers do wrong, at DEBUG, because they must not be able to fill the log. Last
 * handler of connections and of the unidirectional streams of peers; the codec has closed
 * the connection by then, with the error code of the RFC.
 */
@Sharable
final class PeerErrorLog extends ChannelInboundHandlerAdapter {

	static final PeerErrorLog INSTANCE = new PeerErrorLog();

	private static final Log logger = LogFactory.getLog(PeerErrorLog.class);

	private static final String CODEC_PACKAGES = "io.netty.incubator.codec.";

	/**
	 * Return whether TLS or the codec complains about the peer. Some of the codec's
	 * exceptions are private to it, and some it does not expect itself.
	 */
	static boolean isErrorOfPeer(Throwable cause) {
		return cause instanceof IOException || cause instanceof DecoderException
				|| cause.getClass().getName().startsWith(CODEC_PACKAGES);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (isErrorOfPeer(cause)) {
			logger.debug("HTTP/3 connection failed: " + ctx.channel(), cause);
			return;
		}
		ctx.fireExceptionCaught(cause);
	}

}
