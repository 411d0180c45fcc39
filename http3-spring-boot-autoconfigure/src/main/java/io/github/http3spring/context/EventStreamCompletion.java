package io.github.http3spring.context;

import io.github.http3spring.server.Http3ShutdownSignal;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;

/**
 * Completes Server-Sent Events after the event that is being written when the shutdown of
 * the server or of their connection starts, because they would hold it up until the end
 * of the grace period. Clients connect again by themselves.
 */
public class EventStreamCompletion implements HttpHandler {

	private final HttpHandler delegate;

	private final Http3ShutdownSignal signal;

	/**
	 * Create the handler.
	 * @param delegate the handler of all requests
	 * @param signal tells when a shutdown starts
	 */
	public EventStreamCompletion(HttpHandler delegate, Http3ShutdownSignal signal) {
		this.delegate = delegate;
		this.signal = signal;
	}

	/**
	 * Leave the response to the application as it is, which may know its type, and look
	 * at what is written only once it is known to be events.
	 */
	@Override
	public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
		response.beforeCommit(() -> {
			MediaType contentType = response.getHeaders().getContentType();
			if (contentType != null && MediaType.TEXT_EVENT_STREAM.isCompatibleWith(contentType)) {
				Connection stream = ServerHttpRequestDecorator.getNativeRequest(request);
				stream.addHandlerLast(new EventStreamEnd(this.signal.started(request)));
			}
			return Mono.empty();
		});
		return this.delegate.handle(request, response);
	}

}
