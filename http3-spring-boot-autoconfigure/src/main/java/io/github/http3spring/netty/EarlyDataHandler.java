package io.github.http3spring.netty;

import java.util.Set;

import reactor.core.publisher.Mono;
import reactor.netty.Connection;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;

/**
 * Keeps requests that whoever has seen them may replay away from the application: those
 * in early data (RFC 8470 section 3). Safe methods go on, marked as an intermediary would
 * mark them, so that a handler can tell, and a gateway passes the mark on; all others are
 * answered with 425. Costs any other request one look at its connection.
 */
final class EarlyDataHandler implements HttpHandler {

	/**
	 * Header field of RFC 8470 section 5.1.
	 */
	private static final String EARLY_DATA = "Early-Data";

	/**
	 * Safe methods (RFC 9110 section 9.2.1).
	 */
	private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS,
			HttpMethod.TRACE);

	private final HttpHandler delegate;

	EarlyDataHandler(HttpHandler delegate) {
		this.delegate = delegate;
	}

	@Override
	public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
		if (!isEarlyData(request)) {
			return this.delegate.handle(request, response);
		}
		if (!SAFE.contains(request.getMethod())) {
			response.setStatusCode(HttpStatus.TOO_EARLY);
			return response.setComplete();
		}
		return this.delegate.handle(request.mutate().header(EARLY_DATA, "1").build(), response);
	}

	/**
	 * A connection is active from the end of its handshake, which no replay comes to.
	 */
	private static boolean isEarlyData(ServerHttpRequest request) {
		Connection stream = ServerHttpRequestDecorator.getNativeRequest(request);
		return !stream.channel().parent().isActive();
	}

}
