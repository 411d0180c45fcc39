package io.github.http3spring.netty.protocol;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QuicChannel;

/**
 * Ends a connection whose peer has broken the protocol on one of its streams (RFC 9114
 * section 8), where the codec does not.
 */
public final class ConnectionError {

	private ConnectionError() {
	}

	public static void raise(Channel stream, Http3ErrorCode errorCode) {
		PeerErrorLog.log(stream, errorCode);
		((QuicChannel) stream.parent()).close(true, errorCode.code(), Unpooled.EMPTY_BUFFER);
	}

}
