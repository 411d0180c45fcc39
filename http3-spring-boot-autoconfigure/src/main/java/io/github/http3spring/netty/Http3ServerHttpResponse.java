package io.github.http3spring.netty;

import io.netty.channel.Channel;
import reactor.netty.Connection;

import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;

/**
 * A response that knows when nobody hears it any more: Spring would take what a handler
 * makes of a request that was cut off for an error of the server, and log it with its
 * stack. Does not offer to be sent from a file: Reactor Netty would hand a QUIC stream a
 * file region, which it cannot send.
 */
final class Http3ServerHttpResponse extends ServerHttpResponseDecorator {

	private final Channel stream;

	Http3ServerHttpResponse(ServerHttpResponse delegate) {
		super(delegate);
		Connection connection = getNativeResponse(delegate);
		this.stream = connection.channel();
	}

	@Override
	public boolean setStatusCode(HttpStatusCode status) {
		return this.stream.isActive() && super.setStatusCode(status);
	}

}
