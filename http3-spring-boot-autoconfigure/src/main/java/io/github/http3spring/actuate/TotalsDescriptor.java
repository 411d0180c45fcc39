package io.github.http3spring.actuate;

import io.github.http3spring.server.Http3ServerTotals;

/**
 * What the server has done since it was created.
 *
 * @param connections connections
 * @param requests requests
 * @param goAwaysSent GOAWAY frames that were sent
 * @param handshakeFailures connection attempts that ended before their handshake did
 */
public record TotalsDescriptor(Connections connections, Requests requests, long goAwaysSent, long handshakeFailures) {

	static TotalsDescriptor of(Http3ServerTotals totals) {
		return new TotalsDescriptor(
				new Connections(totals.connectionsAccepted(), totals.connectionsRefused(),
						totals.connectionsCompleted(), totals.connectionsAtDeadline(), totals.connectionsClosedByPeer(),
						totals.connectionsTimedOut(), totals.connectionsVanished()),
				new Requests(totals.requestsAccepted(), totals.requestsCompleted(), totals.requestsRejected(),
						totals.requestsCancelled()),
				totals.goAwaysSent(), totals.handshakeFailures());
	}

	/**
	 * Numbers of connections.
	 *
	 * @param accepted connections whose handshake was completed
	 * @param refused connection attempts that were refused
	 * @param completed connections that were shut down without a loss
	 * @param atDeadline connections that were cut off when a grace period was over
	 * @param closedByPeer connections that the peer ended
	 * @param timedOut connections whose peer had fallen silent
	 * @param vanished connections whose peer had fallen silent during their shutdown
	 */
	public record Connections(long accepted, long refused, long completed, long atDeadline, long closedByPeer,
			long timedOut, long vanished) {

	}

	/**
	 * Numbers of requests.
	 *
	 * @param accepted requests that were accepted
	 * @param completed requests that ended with a whole response
	 * @param rejected requests that were rejected unprocessed
	 * @param cancelled requests that ended without a whole response
	 */
	public record Requests(long accepted, long completed, long rejected, long cancelled) {

	}

}
