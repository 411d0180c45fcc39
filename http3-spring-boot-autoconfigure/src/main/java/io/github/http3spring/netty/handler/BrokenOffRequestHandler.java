package io.github.http3spring.netty.handler;

import io.github.http3spring.netty.stack.HandlerSubscription;
import reactor.core.publisher.Mono;
import reactor.netty.channel.ChannelOperations;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;

/**
 * Takes the response for committed when a request is broken off while it arrives. Whoever
 * reads it gets an error next, for which Spring would log a 500 as an ERROR if it could
 * still be sent, and clients can bring that about as often as they like.
 */
public final class BrokenOffRequestHandler implements HttpHandler {

	private final HttpHandler delegate;

	public BrokenOffRequestHandler(HttpHandler delegate) {
		this.delegate = delegate;
	}

	@Override
	public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
		ChannelOperations<?, ?> stream = ServerHttpRequestDecorator.getNativeRequest(request);
		HandlerSubscription.beforeCancel(stream.channel(), () -> {
			if (!stream.isInboundDisposed() && !stream.isInboundCancelled()) {
				response.setComplete().subscribe();
			}
		});
		return this.delegate.handle(request, response);
	}

}
