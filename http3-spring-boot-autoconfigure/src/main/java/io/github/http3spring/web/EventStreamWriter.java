package io.github.http3spring.web;

import java.util.Map;

import io.github.http3spring.server.Http3ShutdownSignal;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.ResolvableType;
import org.springframework.core.codec.Encoder;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEventHttpMessageWriter;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;

/**
 * Completes Server-Sent Events after the event that is being written when the shutdown of
 * the server or of their connection starts, because they would hold it up until the end
 * of the grace period, over HTTP/3 and over TCP. Clients connect again by themselves.
 * <p>
 * Does so where events are written, so that no other response pays for it or looks
 * different to its handler.
 */
public class EventStreamWriter extends ServerSentEventHttpMessageWriter {

	private final Http3ShutdownSignal signal;

	/**
	 * Create a writer.
	 * @param encoder the encoder of data that is no text
	 * @param signal tells when a shutdown starts
	 */
	EventStreamWriter(@Nullable Encoder<?> encoder, Http3ShutdownSignal signal) {
		super(encoder);
		this.signal = signal;
	}

	@Override
	public Mono<Void> write(Publisher<?> input, ResolvableType actualType, ResolvableType elementType,
			@Nullable MediaType mediaType, ServerHttpRequest request, ServerHttpResponse response,
			Map<String, Object> hints) {
		Flux<?> events = Flux.from(input).takeUntilOther(this.signal.started(request));
		return super.write(events, actualType, elementType, mediaType, request, response, hints);
	}

}
