package io.github.http3spring.server;

import java.time.Duration;

/**
 * Counts what an {@link Http3Server} has done since it was created, over all starts.
 *
 * @param connectionsAccepted connections whose handshake was completed
 * @param connectionsRefused connection attempts that were refused, during a shutdown or
 * because of the limit
 * @param handshakeFailures connection attempts that ended before their handshake did
 * @param connectionsCompleted connections that were shut down and whose responses were
 * all acknowledged
 * @param connectionsAtDeadline connections that were cut off when a grace period was over
 * @param connectionsClosedByPeer connections that the peer ended
 * @param connectionsTimedOut connections whose peer had fallen silent
 * @param connectionsVanished connections whose peer had fallen silent during their
 * shutdown
 * @param requestsAccepted requests that were accepted
 * @param requestsCompleted requests whose whole response was handed to the transport
 * @param requestsRejected requests that were rejected unprocessed
 * @param requestsCancelled requests that ended without a whole response, or were cut off
 * when a grace period was over
 * @param goAwaysSent GOAWAY frames that were sent
 * @param shutdowns shutdowns of the whole server that have ended
 * @param shutdownTime time that these shutdowns took together
 */
public record Http3ServerTotals(long connectionsAccepted, long connectionsRefused, long handshakeFailures,
		long connectionsCompleted, long connectionsAtDeadline, long connectionsClosedByPeer, long connectionsTimedOut,
		long connectionsVanished, long requestsAccepted, long requestsCompleted, long requestsRejected,
		long requestsCancelled, long goAwaysSent, long shutdowns, Duration shutdownTime) {

	/**
	 * Return how many connections are open now, those in their closing period included.
	 * @return the number of open connections
	 */
	public long connectionsActive() {
		return Math.max(0, this.connectionsAccepted - this.connectionsCompleted - this.connectionsAtDeadline
				- this.connectionsClosedByPeer - this.connectionsTimedOut - this.connectionsVanished);
	}

	/**
	 * Return how many requests are being served now.
	 * @return the number of open requests
	 */
	public long requestsActive() {
		return Math.max(0, this.requestsAccepted - this.requestsCompleted - this.requestsCancelled);
	}

}
