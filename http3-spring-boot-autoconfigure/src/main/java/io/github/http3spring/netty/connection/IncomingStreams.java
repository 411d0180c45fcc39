package io.github.http3spring.netty.connection;

import io.github.http3spring.netty.handler.ConnectionSslHandler;
import io.github.http3spring.netty.protocol.UnidirectionalStreamGuard;
import io.netty.channel.ChannelHandlerContext;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamType;
import org.jspecify.annotations.Nullable;

/**
 * Takes in the streams that a client opens, before the codec reads from them: those of
 * requests in turns, the others with a guard. Confined to the event loop of the
 * connection.
 */
final class IncomingStreams {

	private final QuicChannel channel;

	private final ServerContext server;

	private final ConnectionRequests requests;

	/**
	 * Not needed by a connection without requests.
	 */
	private @Nullable RequestTurns turns;

	IncomingStreams(QuicChannel channel, ServerContext server, ConnectionRequests requests) {
		this.channel = channel;
		this.server = server;
		this.requests = requests;
	}

	/**
	 * Take in a stream.
	 * @param ctx leads to the codec
	 * @param stream the stream
	 */
	void open(ChannelHandlerContext ctx, QuicStreamChannel stream) {
		if (stream.type() == QuicStreamType.UNIDIRECTIONAL) {
			stream.pipeline().addLast(new UnidirectionalStreamGuard(this.requests, this.requests));
			ctx.fireChannelRead(stream);
			return;
		}
		if (this.turns == null) {
			// Only handlers look for it
			ctx.pipeline().addLast(new ConnectionSslHandler(this.channel));
			this.turns = new RequestTurns(this.channel, this.server.turns()::current, this.server.putOffWork(),
					(request) -> begin(ctx, request));
		}
		this.turns.open(stream);
	}

	private void begin(ChannelHandlerContext ctx, QuicStreamChannel request) {
		if (this.requests.open(request)) {
			ctx.fireChannelRead(request);
		}
	}

}
