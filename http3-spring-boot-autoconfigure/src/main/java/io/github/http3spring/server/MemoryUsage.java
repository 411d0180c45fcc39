package io.github.http3spring.server;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells what the connections of an {@link Http3Server} hold together, and how much they
 * may.
 *
 * @param undeliveredData bytes that have arrived and were not delivered to handlers, of
 * connections with more than a little of it
 * @param maxUndeliveredData how much that may be before the connection that holds most is
 * closed
 * @param unsentData bytes of responses that the transport has taken and not sent, or not
 * had acknowledged, of connections with more than a little of it
 * @param maxUnsentData how much that may be before responses wait
 * @param openRequests the number of requests that are open
 * @param maxOpenRequests how many there may be before those of connections are rejected
 * that have most, zero for no limit
 */
public record MemoryUsage(long undeliveredData, long maxUndeliveredData, long unsentData, long maxUnsentData,
		long openRequests, long maxOpenRequests) {

	/**
	 * Return the numbers by their names.
	 * @return the numbers in the order in which they are shown
	 */
	public Map<String, Long> byName() {
		Map<String, Long> numbers = new LinkedHashMap<>();
		numbers.put("undeliveredData", this.undeliveredData);
		numbers.put("maxUndeliveredData", this.maxUndeliveredData);
		numbers.put("unsentData", this.unsentData);
		numbers.put("maxUnsentData", this.maxUnsentData);
		numbers.put("openRequests", this.openRequests);
		numbers.put("maxOpenRequests", this.maxOpenRequests);
		return numbers;
	}

}
