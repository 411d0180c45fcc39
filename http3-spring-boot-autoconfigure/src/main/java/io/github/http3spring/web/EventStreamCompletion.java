package io.github.http3spring.web;

import java.util.List;

import io.github.http3spring.server.Http3ShutdownSignal;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;

/**
 * Completes event streams that the application writes by itself, as a gateway does, when
 * the shutdown of the server or of their connection starts, over TCP and HTTP/3. Those
 * that WebFlux writes have their own {@link EventStreamWriter}.
 * <p>
 * Looks after requests that ask for an event stream, as browsers do: others pay nothing,
 * and their handlers get the response of the server itself.
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
		if (!asksForEvents(request)) {
			return this.delegate.handle(request, response);
		}
		Mono<Void> shutdown = this.signal.started(request);
		EventStreamResponse events = EventStreamResponse.of(response, shutdown);
		Mono<Void> nothingToWaitFor = shutdown
			.then(Mono.defer(() -> events.isSilent() ? Mono.empty() : Mono.<Void>never()));
		return this.delegate.handle(request, events)
			.takeUntilOther(nothingToWaitFor)
			.then(Mono.defer(events::setComplete));
	}

	private static boolean asksForEvents(ServerHttpRequest request) {
		List<String> accepted = request.getHeaders().get(HttpHeaders.ACCEPT);
		if (accepted != null) {
			for (String value : accepted) {
				if (value.contains(MediaType.TEXT_EVENT_STREAM_VALUE)) {
					return true;
				}
			}
		}
		return false;
	}

}
