package io.github.http3spring.server;

import reactor.core.publisher.Mono;

import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Tells handlers of long-lived responses that the server is shutting down, so that they
 * can end them well: {@code flux.takeUntilOther(signal.started(request))}. A bean that
 * handlers can have injected, other than the server itself, which depends on them.
 * Thread-safe.
 */
public interface Http3ShutdownSignal {

	/**
	 * Return what completes when the graceful shutdown starts, on the thread that stops
	 * the application.
	 * @return a mono that completes empty; at once if the shutdown has started before
	 */
	Mono<Void> started();

	/**
	 * Return what completes when the graceful shutdown starts, or that of the connection
	 * alone on which a request came (because of its age, its number of requests or the
	 * endpoint), then on its event loop. A request over TCP knows of the former only.
	 * @param request the request
	 * @return a mono that completes empty; at once if one of them has started before
	 */
	Mono<Void> started(ServerHttpRequest request);

}
