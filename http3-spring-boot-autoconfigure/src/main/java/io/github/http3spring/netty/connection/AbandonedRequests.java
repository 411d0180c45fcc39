package io.github.http3spring.netty.connection;

import java.util.concurrent.TimeUnit;

/**
 * Counts the requests of a connection that its client has reset, stopped or malformed.
 * They cost a client next to nothing and count for none of its streams, so that nothing
 * else limits them (CVE-2023-44487). Confined to the event loop of the connection.
 */
final class AbandonedRequests {

	private static final long WINDOW = TimeUnit.SECONDS.toNanos(1);

	private long windowStart;

	private int count;

	/**
	 * Count one more.
	 * @param nanoTime the present time
	 * @return how many there are in the present second
	 */
	int add(long nanoTime) {
		if (this.count == 0 || nanoTime - this.windowStart >= WINDOW) {
			this.windowStart = nanoTime;
			this.count = 0;
		}
		this.count++;
		return this.count;
	}

}
