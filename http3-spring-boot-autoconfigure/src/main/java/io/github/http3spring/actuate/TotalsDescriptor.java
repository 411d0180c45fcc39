package io.github.http3spring.actuate;

import io.github.http3spring.server.ConnectionCounts;
import io.github.http3spring.server.Http3ServerTotals;
import io.github.http3spring.server.RequestCounts;

/**
 * What the endpoint {@code http3} shows of what the server has done since it was created.
 *
 * @param connections connections by the way in which they ended
 * @param requests requests by the way in which they ended
 * @param goAwaysSent GOAWAY frames that were sent
 */
public record TotalsDescriptor(ConnectionCounts connections, RequestCounts requests, long goAwaysSent) {

	static TotalsDescriptor of(Http3ServerTotals totals) {
		return new TotalsDescriptor(totals.connections(), totals.requests(), totals.goAwaysSent());
	}

}
