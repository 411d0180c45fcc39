package io.github.http3spring.server;

import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;

import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Tells those who serve requests of one connection that it is shutting down. The server
 * starts it; handlers hear of it through {@link Http3ShutdownSignal}. Thread-safe.
 */
public final class ConnectionShutdownSignal {

	private static final AttributeKey<ConnectionShutdownSignal> KEY = AttributeKey
		.valueOf(ConnectionShutdownSignal.class, "connection");

	private final Sinks.Empty<Void> started = Sinks.empty();

	private ConnectionShutdownSignal() {
	}

	/**
	 * Return the signal of a connection, which most never need: it is created when it is
	 * asked for.
	 * @param connection the channel of the connection
	 * @return always the same for a connection
	 */
	public static ConnectionShutdownSignal of(Channel connection) {
		Attribute<ConnectionShutdownSignal> attribute = connection.attr(KEY);
		ConnectionShutdownSignal existing = attribute.get();
		if (existing != null) {
			return existing;
		}
		ConnectionShutdownSignal created = new ConnectionShutdownSignal();
		ConnectionShutdownSignal concurrent = attribute.setIfAbsent(created);
		return (concurrent != null) ? concurrent : created;
	}

	/**
	 * Return what completes when the shutdown of the connection starts on which a request
	 * came.
	 * @param request the request
	 * @return a mono that completes empty, on the event loop of the connection; never for
	 * a request that came over TCP
	 */
	public static Mono<Void> started(ServerHttpRequest request) {
		Connection stream = NativeRequest.find(request, Connection.class);
		Channel connection = (stream != null) ? stream.channel().parent() : null;
		boolean overUdp = connection != null && connection.parent() instanceof DatagramChannel;
		return overUdp ? of(connection).started.asMono() : Mono.never();
	}

	/**
	 * Say that the shutdown has started. Has no effect when called again.
	 */
	public void start() {
		this.started.tryEmitEmpty();
	}

}
