package io.github.http3spring.netty.connection;

import io.github.http3spring.netty.protocol.ConnectionError;
import io.github.http3spring.netty.stack.QuicheStreams;
import io.netty.buffer.Unpooled;
import io.netty.incubator.codec.http3.DefaultHttp3GoAwayFrame;
import io.netty.incubator.codec.http3.DefaultHttp3UnknownFrame;
import io.netty.incubator.codec.http3.Http3;
import io.netty.incubator.codec.http3.Http3ControlStreamFrame;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicStreamChannel;

/**
 * Sends frames of our own on the control stream of a connection, which is not there until
 * the handshake is done. Called on the event loop of the connection.
 */
final class ControlStream {

	/**
	 * One of the frame types that a peer has to ignore (RFC 9114 section 7.2.8), the
	 * first that the codec sends.
	 */
	private static final long RESERVED_FRAME_TYPE = 0x40;

	private ControlStream() {
	}

	/**
	 * Send a GOAWAY frame.
	 * @param channel the connection
	 * @param streamId the identifier that it carries
	 * @return whether there is a stream for it
	 */
	static boolean sendGoAway(QuicChannel channel, long streamId) {
		return send(channel, new DefaultHttp3GoAwayFrame(streamId));
	}

	/**
	 * Send a frame without meaning (RFC 9114 section 7.2.8): the codec has no way to send
	 * a PING.
	 * @param channel the connection
	 * @return whether there is a stream for it
	 */
	static boolean sendReserved(QuicChannel channel) {
		return send(channel, new DefaultHttp3UnknownFrame(RESERVED_FRAME_TYPE, Unpooled.EMPTY_BUFFER));
	}

	/**
	 * Close a connection whose client has asked for no more of the control stream (RFC
	 * 9114 section 6.2.1), of which the codec makes no event: it would hear of no GOAWAY.
	 * @param channel the connection
	 */
	static void closeIfStopped(QuicChannel channel) {
		QuicStreamChannel stream = Http3.getLocalControlStream(channel);
		if (stream != null && QuicheStreams.isStopped(channel, stream.streamId())) {
			ConnectionError.raise(stream, Http3ErrorCode.H3_CLOSED_CRITICAL_STREAM);
		}
	}

	private static boolean send(QuicChannel channel, Http3ControlStreamFrame frame) {
		QuicStreamChannel stream = Http3.getLocalControlStream(channel);
		if (stream == null) {
			return false;
		}
		// Responses of any urgency would be sent first
		QuicheStreams.prioritize(channel, stream.streamId(), QuicheStreams.MOST_URGENT, false);
		stream.writeAndFlush(frame);
		return true;
	}

}
