package io.github.http3spring.netty.protocol;

import java.io.IOException;
import java.util.Set;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.log.LogFormatUtils;

/**
 * Logs what peers do wrong, at DEBUG and in one line, because they must not be able to
 * fill the log. Last handler of connections and of the unidirectional streams of peers;
 * the codec closes the connection, with the error code of the RFC, unless a frame was too
 * short for it.
 */
@Sharable
public final class PeerErrorLog extends ChannelInboundHandlerAdapter {

	/**
	 * The one for all connections.
	 */
	public static final PeerErrorLog INSTANCE = new PeerErrorLog();

	private static final Log logger = LogFactory.getLog(PeerErrorLog.class);

	private static final Set<String> CODEC_PACKAGES = Set.of(Http3ErrorCode.class.getPackageName(),
			QuicStreamChannel.class.getPackageName());

	private static final int MAX_LENGTH = 200;

	/**
	 * Log an error of the peer.
	 * @param channel the connection or stream
	 * @param error what is wrong, which may contain what the peer has sent
	 */
	public static void log(Channel channel, Object error) {
		if (logger.isDebugEnabled()) {
			logger.debug("HTTP/3 peer error: " + channel + ", " + LogFormatUtils.formatValue(error, MAX_LENGTH, true));
		}
	}

	/**
	 * Return whether TLS or the codec complains about the peer. Some of the codec's
	 * exceptions are private to it, and some it does not expect itself.
	 */
	public static boolean isErrorOfPeer(Throwable cause) {
		return cause instanceof IOException || cause instanceof DecoderException
				|| CODEC_PACKAGES.contains(cause.getClass().getPackageName());
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (!isErrorOfPeer(cause)) {
			ctx.fireExceptionCaught(cause);
			return;
		}
		log(ctx.channel(), cause);
		if (cause instanceof DecoderException && ctx.channel() instanceof QuicStreamChannel stream) {
			// Thrown, hence unexpected by the codec: what it expects, it has answered
			ConnectionError.raise(stream, errorCode(cause));
		}
	}

	/**
	 * Return what is wrong about a frame: the codec of Netty 4.2 refuses a value that a
	 * setting must not have (RFC 9297 section 2.1.1), and all read beyond the end of a
	 * frame that is too short.
	 */
	private static Http3ErrorCode errorCode(Throwable cause) {
		return (cause.getCause() instanceof IllegalArgumentException) ? Http3ErrorCode.H3_SETTINGS_ERROR
				: Http3ErrorCode.H3_FRAME_ERROR;
	}

}
