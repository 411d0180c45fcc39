package io.github.http3spring.netty.udp;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Admits so many events per second. Not thread-safe.
 */
final class RateLimit {

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
		long now = TimeUnit.NANOSECONDS.toSeconds(this.nanoTime.getAsLong());
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
