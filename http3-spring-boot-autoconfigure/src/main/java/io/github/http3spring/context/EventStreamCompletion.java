package io.github.http3spring.context;

import io.github.http3spring.server.Http3ShutdownSignal;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;

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

	@Override
	public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
		return this.delegate.handle(request, new CompletingResponse(request, response));
	}

	/**
	 * Response whose event stream ends with the signal.
	 */
	private final class CompletingResponse extends ServerHttpResponseDecorator {

		private final ServerHttpRequest request;

		CompletingResponse(ServerHttpRequest request, ServerHttpResponse delegate) {
			super(delegate);
			this.request = request;
		}

		@Override
		public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
			MediaType contentType = getHeaders().getContentType();
			if (contentType == null || !MediaType.TEXT_EVENT_STREAM.isCompatibleWith(contentType)) {
				return super.writeAndFlushWith(body);
			}
			Mono<Void> shutdown = EventStreamCompletion.this.signal.started(this.request);
			return super.writeAndFlushWith(Flux.from(body).takeUntilOther(shutdown));
		}

	}

}
