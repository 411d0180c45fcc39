package io.github.http3spring.server;

import java.time.Duration;

/**
 * Counts what an {@link Http3Server} has done since it was created, over all starts.
 *
 * @param connections connections by the way in which they ended
 * @param requests requests by the way in which they ended
 * @param goAwaysSent GOAWAY frames that were sent
 * @param shutdowns shutdowns of the whole server that have ended
 * @param shutdownTime time that these shutdowns took together
 */
public record Http3ServerTotals(ConnectionCounts connections, RequestCounts requests, long goAwaysSent, long shutdowns,
		Duration shutdownTime) {

	/**
	 * Return these totals together with others.
	 * @param other the other totals
	 * @return the sum
	 */
	public Http3ServerTotals plus(Http3ServerTotals other) {
		return new Http3ServerTotals(this.connections.plus(other.connections), this.requests.plus(other.requests),
				this.goAwaysSent + other.goAwaysSent, this.shutdowns + other.shutdowns,
				this.shutdownTime.plus(other.shutdownTime));
	}

}
