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
 */
public record MemoryUsage(long undeliveredData, long maxUndeliveredData, long unsentData, long maxUnsentData) {

	/**
	 * Return the numbers of bytes by their names.
	 * @return the numbers in the order in which they are shown
	 */
	public Map<String, Long> byName() {
		Map<String, Long> bytes = new LinkedHashMap<>();
		bytes.put("undeliveredData", this.undeliveredData);
		bytes.put("maxUndeliveredData", this.maxUndeliveredData);
		bytes.put("unsentData", this.unsentData);
		bytes.put("maxUnsentData", this.maxUnsentData);
		return bytes;
	}

}
