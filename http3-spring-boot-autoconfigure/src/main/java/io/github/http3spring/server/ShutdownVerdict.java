package io.github.http3spring.server;

import java.time.Duration;
import java.util.List;

/**
 * Tells what a shutdown did to connections and requests.
 *
 * @param duration the time from the start of the shutdown to the end of the last
 * connection
 * @param connectionsCompleted connections whose requests all ended and whose responses
 * were all acknowledged
 * @param connectionsAtDeadline connections that were cut off by the deadline
 * @param connectionsClosedByPeer connections that the peer ended first
 * @param connectionsTimedOut connections that ended by their idle timeout
 * @param connectionsVanished connections whose peer did not answer any more
 * @param connectionsRefused connection attempts that were refused
 * @param requestsCompleted requests that ended with a whole response
 * @param requestsRejected requests that were rejected unprocessed, which clients may
 * retry
 * @param requestsCancelled requests that ended without a whole response
 * @param requestsLost those of the cancelled ones that were lost because their connection
 * ended: requests without a whole response, and responses that were not acknowledged
 * @param stuckRequests requests that were open when their connection was lost, the first
 * {@value #MAX_STUCK_REQUESTS} of them
 */
public record ShutdownVerdict(Duration duration, int connectionsCompleted, int connectionsAtDeadline,
		int connectionsClosedByPeer, int connectionsTimedOut, int connectionsVanished, int connectionsRefused,
		int requestsCompleted, int requestsRejected, int requestsCancelled, int requestsLost,
		List<StuckRequest> stuckRequests) {

	/**
	 * Most requests that are described.
	 */
	public static final int MAX_STUCK_REQUESTS = 20;

	/**
	 * Return whether every request has got its answer that its client has not given up
	 * itself.
	 * @return whether no request was lost with its connection
	 */
	public boolean isLossless() {
		return this.requestsLost == 0 && this.connectionsAtDeadline == 0;
	}

	@Override
	public String toString() {
		return String.format(
				"%s in %d ms: connections %d completed, %d at deadline, %d closed by peer, %d timed out, %d vanished, %d refused; "
						+ "requests %d completed, %d rejected, %d cancelled%s",
				isLossless() ? "complete" : "incomplete", this.duration.toMillis(), this.connectionsCompleted,
				this.connectionsAtDeadline, this.connectionsClosedByPeer, this.connectionsTimedOut,
				this.connectionsVanished, this.connectionsRefused, this.requestsCompleted, this.requestsRejected,
				this.requestsCancelled, (this.requestsLost > 0) ? " (" + this.requestsLost + " lost)" : "");
	}

}
