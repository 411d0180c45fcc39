package io.github.http3spring.actuate;

import java.time.Duration;
import java.util.List;

import io.github.http3spring.server.ConnectionSnapshot;
import io.github.http3spring.server.OpenRequestSnapshot;
import io.github.http3spring.shutdown.ConnectionState;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What the endpoint {@code http3} shows of a connection.
 *
 * @param id identifies the connection
 * @param worker the index of the event loop that serves the connection
 * @param peer the present address of the client
 * @param age the time since the first packet
 * @param state how far the connection is on its way to its end
 * @param openRequestCount the number of requests that are being served
 * @param openRequests the first of these requests
 * @param goAwayIds the identifiers of the GOAWAY frames that were sent
 * @param roundTripTime the round-trip time, {@code null} if none was measured
 * @param packetsLost packets that were sent and lost
 * @param bytesSent bytes that were sent
 * @param bytesReceived bytes that were received
 * @param migrations how often the address of the client has changed
 */
public record ConnectionDescriptor(String id, int worker, @Nullable String peer, Duration age, ConnectionState state,
		int openRequestCount, List<RequestDescriptor> openRequests, List<Long> goAwayIds,
		@Nullable Duration roundTripTime, long packetsLost, long bytesSent, long bytesReceived,
		int migrations) implements OperationResponseBody {

	static ConnectionDescriptor of(ConnectionSnapshot snapshot, Values values) {
		return new ConnectionDescriptor(snapshot.id(), snapshot.worker(), values.apply(snapshot.peer()), snapshot.age(),
				snapshot.state(), snapshot.openRequestCount(),
				snapshot.openRequests().stream().map((request) -> RequestDescriptor.of(request, values)).toList(),
				snapshot.goAwayIds(), snapshot.roundTripTime(), snapshot.packetsLost(), snapshot.bytesSent(),
				snapshot.bytesReceived(), snapshot.migrations());
	}

	/**
	 * What the endpoint {@code http3} shows of a request.
	 *
	 * @param method the method
	 * @param path the path without its query
	 * @param age the time since the request arrived
	 */
	public record RequestDescriptor(String method, @Nullable String path, Duration age) {

		static RequestDescriptor of(OpenRequestSnapshot snapshot, Values values) {
			return new RequestDescriptor(snapshot.method(), values.apply(snapshot.path()), snapshot.age());
		}

	}

}
