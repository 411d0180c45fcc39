package io.github.http3spring.netty;

import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;

import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;

/**
 * The response to a request over HTTP/3. Takes no status any more once its stream has
 * ended: Spring would log an ERROR for a handler that has lost its client, which clients
 * can bring about as often as they like. Nor does it offer to be sent from a file:
 * Reactor Netty would hand a QUIC stream a file region, which it cannot send.
 */
final class Http3ServerHttpResponse extends ServerHttpResponseDecorator {

	Http3ServerHttpResponse(ServerHttpResponse response) {
		super(response);
	}

	@Override
	public boolean setStatusCode(@Nullable HttpStatusCode status) {
		return !hasEnded() && super.setStatusCode(status);
	}

	private boolean hasEnded() {
		return getNativeResponse(getDelegate()) instanceof Connection connection && connection.isDisposed();
	}

}
