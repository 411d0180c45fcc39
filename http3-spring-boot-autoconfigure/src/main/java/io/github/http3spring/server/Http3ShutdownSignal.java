package io.github.http3spring.server;

import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;

import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Tells handlers of long-lived responses that the server is shutting down, so that they
 * can end them well: {@code flux.takeUntilOther(signal.started(request))}. A bean that
 * handlers can have injected, other than the server itself, which depends on them.
 * Thread-safe.
 */
public final class Http3ShutdownSignal {

	private static final AttributeKey<Http3ShutdownSignal> CONNECTION = AttributeKey.valueOf(Http3ShutdownSignal.class,
			"connection");

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
	 * Return what completes when the graceful shutdown starts, or that of the connection
	 * alone on which a request came (because of its age, its number of requests or the
	 * endpoint), then on its event loop. A request over TCP knows of the former only.
	 * @param request the request
	 * @return a mono that completes empty; at once if one of them has started before
	 */
	public Mono<Void> started(ServerHttpRequest request) {
		Http3ShutdownSignal connection = ofConnection(request);
		return (connection != null) ? Mono.firstWithSignal(started(), connection.started()) : started();
	}

	private static @Nullable Http3ShutdownSignal ofConnection(ServerHttpRequest request) {
		Connection stream = NativeRequest.find(request, Connection.class);
		Channel connection = (stream != null) ? stream.channel().parent() : null;
		boolean overUdp = connection != null && connection.parent() instanceof DatagramChannel;
		return overUdp ? of(connection) : null;
	}

	/**
	 * Return the signal of one connection, which most never need: it is created when it
	 * is asked for.
	 * @param connection the channel of the connection
	 * @return always the same for a connection
	 */
	public static Http3ShutdownSignal of(Channel connection) {
		Attribute<Http3ShutdownSignal> attribute = connection.attr(CONNECTION);
		Http3ShutdownSignal existing = attribute.get();
		if (existing != null) {
			return existing;
		}
		Http3ShutdownSignal created = new Http3ShutdownSignal();
		Http3ShutdownSignal concurrent = attribute.setIfAbsent(created);
		return (concurrent != null) ? concurrent : created;
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
