package io.github.http3spring.netty.handler;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

import io.github.http3spring.netty.path.ClientPaths;
import io.github.http3spring.netty.path.PeerAddresses;
import io.netty.incubator.codec.quic.QuicChannel;
import reactor.netty.channel.ChannelOperations;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;

/**
 * Tells handlers the present address of a client that has moved, as soon as the client
 * has shown that it owns it: before, a client could claim any (RFC 9000 section 21.5.1).
 * What Reactor Netty knows is the path of the codec: see {@link ClientPaths}. An address
 * of a forwarding header is left alone.
 */
public final class PresentAddressHandler extends NativeRequestHandler {

	public PresentAddressHandler(HttpHandler delegate) {
		super(delegate);
	}

	@Override
	ServerHttpRequest prepare(ServerHttpRequest request, ServerHttpResponse response, ChannelOperations<?, ?> stream) {
		QuicChannel connection = (QuicChannel) stream.channel().parent();
		SocketAddress owned = PeerAddresses.validated(connection);
		InetSocketAddress told = request.getRemoteAddress();
		if (!(owned instanceof InetSocketAddress address) || owned.equals(told)
				|| !connection.remoteSocketAddress().equals(told)) {
			return request;
		}
		return request.mutate().remoteAddress(address).build();
	}

}
