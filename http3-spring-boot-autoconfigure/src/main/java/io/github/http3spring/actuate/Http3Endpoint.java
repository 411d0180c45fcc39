package io.github.http3spring.actuate;

import java.time.Duration;
import java.util.function.Supplier;

import io.github.http3spring.server.Http3Server;
import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.lang.Nullable;

/**
 * Shows the HTTP/3 server, its connections and their requests, and shuts connections down
 * gracefully while the server lives on.
 */
@Endpoint(id = "http3")
public class Http3Endpoint {

	/**
	 * Number of connections that are shown unless told otherwise.
	 */
	public static final int DEFAULT_LIMIT = 100;

	/**
	 * Most connections that are shown at once.
	 */
	public static final int MAX_LIMIT = 1000;

	private final Supplier<Http3Server> server;

	private final Show showValues;

	/**
	 * Create the endpoint.
	 * @param server the server; asked for late, because it needs the handler that the
	 * endpoint is part of
	 * @param showValues when to show peers and paths
	 */
	public Http3Endpoint(Supplier<Http3Server> server, Show showValues) {
		this.server = server;
		this.showValues = showValues;
	}

	/**
	 * Show the server and some of its connections.
	 * @param offset number of connections to leave out, the oldest first
	 * @param limit most connections to show
	 * @return the description
	 */
	@ReadOperation
	public Mono<Http3Descriptor> server(@Nullable Integer offset, @Nullable Integer limit) {
		return server(offset, limit, values());
	}

	Mono<Http3Descriptor> server(@Nullable Integer offset, @Nullable Integer limit, Values values) {
		int start = (offset != null) ? offset : 0;
		int count = (limit != null) ? limit : DEFAULT_LIMIT;
		check(start >= 0, "'offset' must not be negative");
		check(count >= 0 && count <= MAX_LIMIT, "'limit' must be between 0 and " + MAX_LIMIT);
		return Mono.fromFuture(() -> this.server.get().snapshot(start, count))
			.map((snapshot) -> Http3Descriptor.of(snapshot, start, values));
	}

	/**
	 * Show one connection.
	 * @param id the identifier of the connection
	 * @return the description, empty if there is no such connection
	 */
	@ReadOperation
	public Mono<ConnectionDescriptor> connection(@Selector String id) {
		return connection(id, values());
	}

	Mono<ConnectionDescriptor> connection(String id, Values values) {
		return Mono.fromFuture(() -> this.server.get().snapshot(id))
			.flatMap(Mono::justOrEmpty)
			.map((connection) -> ConnectionDescriptor.of(connection, values));
	}

	/**
	 * Shut all present connections down.
	 * @param gracePeriod time after which everything that is still open is cut off
	 * @return the number of connections
	 */
	@WriteOperation
	public Mono<ShutDownConnectionsDescriptor> shutDownConnections(@Nullable Duration gracePeriod) {
		check(gracePeriod);
		return Mono.fromFuture(() -> this.server.get().shutDownConnections(gracePeriod))
			.map(ShutDownConnectionsDescriptor::new);
	}

	/**
	 * Shut one connection down.
	 * @param id the identifier of the connection
	 * @param gracePeriod time after which everything that is still open is cut off
	 * @return the number of connections, zero if there is no such connection
	 */
	@WriteOperation
	public Mono<ShutDownConnectionsDescriptor> shutDownConnection(@Selector String id, @Nullable Duration gracePeriod) {
		check(gracePeriod);
		return Mono.fromFuture(() -> this.server.get().shutDownConnection(id, gracePeriod))
			.map((found) -> new ShutDownConnectionsDescriptor(found ? 1 : 0));
	}

	private Values values() {
		return Values.of(this.showValues == Show.ALWAYS);
	}

	private static void check(@Nullable Duration gracePeriod) {
		check(gracePeriod == null || !gracePeriod.isNegative(), "'gracePeriod' must not be negative");
	}

	private static void check(boolean valid, String reason) {
		if (!valid) {
			throw new InvalidEndpointRequestException(reason, reason);
		}
	}

}
