package io.github.http3spring.netty.udp;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Admits so many events per second. Not thread-safe.
 */
final class RateLimit {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final int maximum;

	private final LongSupplier nanoTime;

	private long second;

	private int admitted;

	/**
	 * Create a limit.
	 * @param maximum the number of events
	 * @param nanoTime tells the time
	 */
	RateLimit(int maximum, LongSupplier nanoTime) {
		this.maximum = maximum;
		this.nanoTime = nanoTime;
	}

	/**
	 * Decide about an event.
	 */
	boolean admits() {
		// The clock may be negative, and no second must be longer than the others
		long now = Math.floorDiv(this.nanoTime.getAsLong(), SECOND);
		if (now != this.second) {
			this.second = now;
			this.admitted = 0;
		}
		if (this.admitted == this.maximum) {
			return false;
		}
		this.admitted++;
		return true;
	}

}
