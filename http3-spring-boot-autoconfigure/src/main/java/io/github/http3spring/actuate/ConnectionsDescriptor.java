package io.github.http3spring.actuate;

import java.util.List;

import io.github.http3spring.server.Http3ServerSnapshot;

/**
 * Some of the connections of the server.
 *
 * @param total the number of all connections
 * @param offset the number of connections that were left out, the oldest first
 * @param items the connections
 */
public record ConnectionsDescriptor(int total, int offset, List<ConnectionDescriptor> items) {

	static ConnectionsDescriptor of(Http3ServerSnapshot snapshot, int offset, Values values) {
		return new ConnectionsDescriptor(snapshot.connectionCount(), offset,
				snapshot.connections()
					.stream()
					.map((connection) -> ConnectionDescriptor.of(connection, values))
					.toList());
	}

}
