package io.github.http3spring.netty.handler;

import java.util.Set;
import java.util.function.BiFunction;

import io.netty.handler.codec.http.HttpMethod;
import org.reactivestreams.Publisher;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Keeps requests in early data away from the application, because an attacker who has
 * recorded them can send them again (RFC 8470 section 3). Safe methods go on, marked as
 * an intermediary would mark them, so that a handler can tell, and a gateway passes the
 * mark on; all others are answered with 425. Costs any other request one look at its
 * connection.
 */
public final class EarlyDataHandler implements BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> {

	/**
	 * Header field of RFC 8470 section 5.1.
	 */
	private static final String EARLY_DATA = "Early-Data";

	/**
	 * Status code of RFC 8470 section 5.2.
	 */
	private static final int TOO_EARLY = 425;

	/**
	 * Safe methods (RFC 9110 section 9.2.1).
	 */
	private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS,
			HttpMethod.TRACE);

	private final BiFunction<? super HttpServerRequest, ? super HttpServerResponse, ? extends Publisher<Void>> delegate;

	public EarlyDataHandler(
			BiFunction<? super HttpServerRequest, ? super HttpServerResponse, ? extends Publisher<Void>> delegate) {
		this.delegate = delegate;
	}

	@Override
	public Publisher<Void> apply(HttpServerRequest request, HttpServerResponse response) {
		if (isEarlyData(request)) {
			if (!SAFE.contains(request.method())) {
				return response.status(TOO_EARLY).send();
			}
			request.requestHeaders().set(EARLY_DATA, "1");
		}
		return this.delegate.apply(request, response);
	}

	/**
	 * A connection is active from the end of its handshake, which no replay comes to.
	 */
	private static boolean isEarlyData(HttpServerRequest request) {
		return request instanceof Connection stream && !stream.channel().parent().isActive();
	}

}
