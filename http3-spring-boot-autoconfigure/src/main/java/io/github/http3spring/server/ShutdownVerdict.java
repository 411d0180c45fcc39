package io.github.http3spring.server;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells what a shutdown did to connections and requests.
 *
 * @param duration the time from the start of the shutdown to the end of the last
 * connection
 * @param connections connections that ended during the shutdown, and attempts that were
 * refused
 * @param requests requests that ended during the shutdown
 * @param stuckRequests requests that were open when their connection was lost, the first
 * {@value #MAX_STUCK_REQUESTS} of them
 */
public record ShutdownVerdict(Duration duration, ConnectionCounts connections, RequestCounts requests,
		List<StuckRequest> stuckRequests) {

	/**
	 * Most requests that are described.
	 */
	public static final int MAX_STUCK_REQUESTS = 20;

	/**
	 * Return whether every request has got its answer that its client has not given up
	 * itself. A handshake that was not done in time has lost nothing: nothing of a
	 * request was processed, and the client is told that it may go elsewhere.
	 * @return whether no request was lost with its connection
	 */
	public boolean isLossless() {
		return this.requests.lost() == 0 && this.connections.atDeadline() == 0;
	}

	/**
	 * Return this verdict together with that on other connections of the same shutdown.
	 * @param other the other verdict
	 * @return the verdict on both
	 */
	public ShutdownVerdict plus(ShutdownVerdict other) {
		return new ShutdownVerdict((this.duration.compareTo(other.duration) < 0) ? other.duration : this.duration,
				this.connections.plus(other.connections), this.requests.plus(other.requests),
				Stream.concat(this.stuckRequests.stream(), other.stuckRequests.stream())
					.limit(MAX_STUCK_REQUESTS)
					.toList());
	}

	@Override
	public String toString() {
		return String.format("%s in %d ms: connections %s; requests %s", isLossless() ? "complete" : "incomplete",
				this.duration.toMillis(), this.connections, this.requests);
	}

}
