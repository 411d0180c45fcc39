package io.github.http3spring.netty.handler;

import io.github.http3spring.netty.stack.HandlerSubscription;
import reactor.netty.channel.ChannelOperations;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;

/**
 * Takes the response for committed when a request is broken off while it arrives. The
 * handler that reads it gets an error next. If a response could still be sent, Spring
 * would log a 500 as an ERROR, and clients could fill the log.
 */
public final class BrokenOffRequestHandler extends NativeRequestHandler {

	public BrokenOffRequestHandler(HttpHandler delegate) {
		super(delegate);
	}

	@Override
	ServerHttpRequest prepare(ServerHttpRequest request, ServerHttpResponse response, ChannelOperations<?, ?> stream) {
		HandlerSubscription.beforeCancel(stream.channel(), () -> {
			if (!stream.isInboundDisposed() && !stream.isInboundCancelled()) {
				response.setComplete().subscribe();
			}
		});
		return request;
	}

}
