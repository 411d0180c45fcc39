package io.github.http3spring.server;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Tells handlers of long-lived responses that the server is shutting down, so that they
 * can end them well: {@code flux.takeUntilOther(signal.started())}. A bean that handlers
 * can have injected, other than the server itself, which depends on them. Thread-safe.
 */
public final class Http3ShutdownSignal {

	private volatile Sinks.Empty<Void> started = Sinks.empty();

	/**
	 * Return what completes when the graceful shutdown starts, on the thread that stops
	 * the application.
	 * @return a mono that completes empty; at once if the shutdown has started before
	 */
	public Mono<Void> started() {
		return Mono.defer(() -> this.started.asMono());
	}

	/**
	 * Forget an earlier shutdown, because the server starts again.
	 */
	public void reset() {
		this.started = Sinks.empty();
	}

	/**
	 * Say that the shutdown has started. Has no effect when called again.
	 */
	public void start() {
		this.started.tryEmitEmpty();
	}

}
