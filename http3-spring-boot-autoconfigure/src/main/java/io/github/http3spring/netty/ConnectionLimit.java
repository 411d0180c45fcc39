package io.github.http3spring.netty;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import io.github.http3spring.netty.request.LimitWarning;

/**
 * Limits the number of connections of all workers together, and says so without letting
 * clients fill the log. Thread-safe.
 */
final class ConnectionLimit {

	private final int maximum;

	private final LimitWarning warning;

	private final AtomicInteger open = new AtomicInteger();

	/**
	 * Create a limit.
	 * @param maximum the number of connections, zero for no limit
	 * @param nanoTime tells the time
	 */
	ConnectionLimit(int maximum, LongSupplier nanoTime) {
		this.maximum = maximum;
		this.warning = new LimitWarning("HTTP/3 limit of " + maximum + " connections reached, refused", nanoTime);
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
	void refused() {
		this.warning.reached();
	}

	/**
	 * Return the number of connections.
	 */
	int open() {
		return this.open.get();
	}

}
