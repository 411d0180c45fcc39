package io.github.http3spring.netty.request;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Limits the number of requests that are open on all connections of a server together.
 * Once there are as many as there may be, only connections with less than an equal part
 * of them may have more: whoever opens as many as possible takes them from nobody else. A
 * connection may have one in any case. Thread-safe.
 */
public final class RequestLimit {

	private final int maximum;

	private final IntSupplier connections;

	private final LimitWarning warning;

	private final AtomicInteger open = new AtomicInteger();

	/**
	 * Create a limit.
	 * @param maximum the number of requests, zero for no limit
	 * @param connections tells the number of connections
	 * @param nanoTime tells the time
	 */
	public RequestLimit(int maximum, IntSupplier connections, LongSupplier nanoTime) {
		this.maximum = maximum;
		this.connections = connections;
		this.warning = new LimitWarning("HTTP/3 limit of " + maximum + " open requests reached, rejected", nanoTime);
	}

	/**
	 * Take the place of one request, if there is one.
	 * @param own the number of requests that the connection has open
	 */
	public boolean take(int own) {
		if (this.open.incrementAndGet() <= this.maximum || this.maximum == 0 || own < equalPart()) {
			return true;
		}
		this.open.decrementAndGet();
		this.warning.reached();
		return false;
	}

	private int equalPart() {
		return Math.max(1, this.maximum / Math.max(1, this.connections.getAsInt()));
	}

	/**
	 * Give the place of a request back.
	 */
	public void giveBack() {
		this.open.decrementAndGet();
	}

	/**
	 * Return the number of requests that are open.
	 */
	public int open() {
		return this.open.get();
	}

}
