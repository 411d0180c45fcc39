package io.github.http3spring.server;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;

import io.github.http3spring.shutdown.ConnectionState;
import org.jspecify.annotations.Nullable;

/**
 * Describes a connection at one moment.
 *
 * @param id identifies the connection as long as the server runs
 * @param worker the index of the event loop that serves the connection
 * @param peer the present address of the client
 * @param age the time since the first packet
 * @param state how far the connection is on its way to its end
 * @param openRequestCount the number of requests that are being served
 * @param openRequests the first {@value #MAX_OPEN_REQUESTS} of these requests
 * @param goAwayIds the identifiers of the GOAWAY frames that were sent
 * @param roundTripTime the round-trip time of the active path, {@code null} if none was
 * measured
 * @param packetsLost packets that the server has sent and that were lost
 * @param bytesSent bytes that were sent, repetitions included
 * @param bytesReceived bytes that were received
 * @param migrations how often the address of the client has changed
 */
public record ConnectionSnapshot(String id, int worker, @Nullable SocketAddress peer, Duration age,
		ConnectionState state, int openRequestCount, List<OpenRequestSnapshot> openRequests, List<Long> goAwayIds,
		@Nullable Duration roundTripTime, long packetsLost, long bytesSent, long bytesReceived, int migrations) {

	/**
	 * Most requests of a connection that are described.
	 */
	public static final int MAX_OPEN_REQUESTS = 100;

}
