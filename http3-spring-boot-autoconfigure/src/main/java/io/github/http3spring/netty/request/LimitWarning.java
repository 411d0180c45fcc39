package io.github.http3spring.netty.request;

import java.time.Duration;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Says that clients have reached a limit of the server, once a minute at most: they must
 * not fill the log. Thread-safe.
 */
public final class LimitWarning {

	private static final Log logger = LogFactory.getLog(LimitWarning.class);

	private static final long INTERVAL = Duration.ofMinutes(1).toNanos();

	private final String text;

	private final LongSupplier nanoTime;

	private long warnedAt;

	private int count;

	/**
	 * Create a warning.
	 * @param text what to say before the number of times
	 * @param nanoTime tells the time
	 */
	public LimitWarning(String text, LongSupplier nanoTime) {
		this.text = text;
		this.nanoTime = nanoTime;
		this.warnedAt = nanoTime.getAsLong() - INTERVAL;
	}

	/**
	 * Note that the limit was reached once more.
	 */
	public synchronized void reached() {
		this.count++;
		long now = this.nanoTime.getAsLong();
		if (now - this.warnedAt >= INTERVAL) {
			logger.warn(this.text + " since the last warning: " + this.count);
			this.warnedAt = now;
			this.count = 0;
		}
	}

}
