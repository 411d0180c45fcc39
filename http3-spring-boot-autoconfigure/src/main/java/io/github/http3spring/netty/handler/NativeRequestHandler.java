package io.github.http3spring.netty.handler;

import reactor.core.publisher.Mono;
import reactor.netty.channel.ChannelOperations;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;

/**
 * Prepares requests for another handler, by what Reactor Netty knows of their streams.
 */
abstract class NativeRequestHandler implements HttpHandler {

	private final HttpHandler delegate;

	NativeRequestHandler(HttpHandler delegate) {
		this.delegate = delegate;
	}

	@Override
	public final Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
		ChannelOperations<?, ?> stream = ServerHttpRequestDecorator.getNativeRequest(request);
		return this.delegate.handle(prepare(request, response, stream), response);
	}

	/**
	 * Return the request that the other handler is to see.
	 */
	abstract ServerHttpRequest prepare(ServerHttpRequest request, ServerHttpResponse response,
			ChannelOperations<?, ?> stream);

}
