package io.github.http3spring.netty.udp;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Admits so many events in each second, which begins with its first event. Not
 * thread-safe.
 */
public final class RateLimit {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final int maximum;

	private final LongSupplier nanoTime;

	private long start;

	private int admitted;

	/**
	 * Create a limit.
	 * @param maximum the number of events, zero for no limit
	 * @param nanoTime tells the time
	 */
	public RateLimit(int maximum, LongSupplier nanoTime) {
		this.maximum = maximum;
		this.nanoTime = nanoTime;
	}

	/**
	 * Decide about an event.
	 */
	public boolean admits() {
		if (this.maximum == 0) {
			return true;
		}
		long now = this.nanoTime.getAsLong();
		if (this.admitted == 0 || now - this.start >= SECOND) {
			this.start = now;
			this.admitted = 0;
		}
		if (this.admitted == this.maximum) {
			return false;
		}
		this.admitted++;
		return true;
	}

}
