package io.github.http3spring.netty;

import java.time.Duration;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Limits the number of connections, and says so without letting clients fill the log.
 * Confined to the event loop of the connections.
 */
final class ConnectionLimit {

	private static final Log logger = LogFactory.getLog(ConnectionLimit.class);

	private static final long WARNING_INTERVAL = Duration.ofMinutes(1).toNanos();

	private final int maximum;

	private final LongSupplier nanoTime;

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
	 * Decide about a connection.
	 * @param connections the number of other connections
	 * @return whether there is room for one more
	 */
	boolean admits(int connections) {
		return this.maximum == 0 || connections < this.maximum;
	}

	/**
	 * Note that a connection was refused.
	 */
	void refused() {
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
