package io.github.http3spring.context;

import io.github.http3spring.server.ConnectionShutdownSignal;
import io.github.http3spring.server.Http3ShutdownSignal;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * The signal of an application, which {@link Http3GracefulShutdownLifecycle} starts. It
 * is there without HTTP/3 too, and never starts then.
 */
public final class ApplicationShutdownSignal implements Http3ShutdownSignal {

	private volatile Sinks.Empty<Void> started = Sinks.empty();

	@Override
	public Mono<Void> started() {
		return Mono.defer(() -> this.started.asMono());
	}

	@Override
	public Mono<Void> started(ServerHttpRequest request) {
		return Mono.firstWithSignal(started(), ConnectionShutdownSignal.started(request));
	}

	/**
	 * Say that the shutdown has started. Has no effect when called again.
	 */
	void start() {
		this.started.tryEmitEmpty();
	}

	/**
	 * Forget an earlier shutdown, because the server starts again. Those who have asked
	 * before the first start still hear of the first shutdown.
	 */
	void reset() {
		if (Boolean.TRUE.equals(this.started.scan(Scannable.Attr.TERMINATED))) {
			this.started = Sinks.empty();
		}
	}

}
