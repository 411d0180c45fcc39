package io.github.http3spring.netty;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Limits the number of connections of all workers together, and says so without letting
 * clients fill the log. Thread-safe.
 */
final class ConnectionLimit {

	private static final Log logger = LogFactory.getLog(ConnectionLimit.class);

	private static final long WARNING_INTERVAL = Duration.ofMinutes(1).toNanos();

	private final int maximum;

	private final LongSupplier nanoTime;

	private final AtomicInteger open = new AtomicInteger();

	private long warnedAt;

	private int refused;

	/**
	 * Create a limit.
	 * @param maximum the number of connections, zero for no limit
	 * @param nanoTime tells the time
	 */
	ConnectionLimit(int maximum, LongSupplier nanoTime) {
		this.maximum = maximum;
		this.nanoTime = nanoTime;
		this.warnedAt = nanoTime.getAsLong() - WARNING_INTERVAL;
	}

	/**
	 * Return whether there is room for one more connection, until somebody else takes it.
	 */
	boolean hasRoom() {
		return this.maximum == 0 || this.open.get() < this.maximum;
	}

	/**
	 * Take the place of one connection, if there is one.
	 */
	boolean take() {
		int limit = (this.maximum == 0) ? Integer.MAX_VALUE : this.maximum;
		return this.open.getAndUpdate((count) -> (count < limit) ? count + 1 : count) < limit;
	}

	/**
	 * Give the place of a connection back.
	 */
	void giveBack() {
		this.open.decrementAndGet();
	}

	/**
	 * Note that a connection was refused.
	 */
	synchronized void refused() {
		this.refused++;
		long now = this.nanoTime.getAsLong();
		if (now - this.warnedAt >= WARNING_INTERVAL) {
			logger.warn("HTTP/3 limit of " + this.maximum + " connections reached, refused since the last warning: "
					+ this.refused);
			this.warnedAt = now;
			this.refused = 0;
		}
	}

}
