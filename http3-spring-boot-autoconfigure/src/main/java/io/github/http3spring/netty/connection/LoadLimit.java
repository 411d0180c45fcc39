package io.github.http3spring.netty.connection;

import java.util.function.LongSupplier;

import io.github.http3spring.netty.settings.ServerLimits;
import io.github.http3spring.netty.udp.RateLimit;

/**
 * Judges whether the client of a connection makes more work in a second than it may.
 * Confined to the event loop of the connection.
 */
final class LoadLimit {

	private final ConnectionEvents events;

	private final RateLimit resets;

	private final RateLimit emptyFrames;

	LoadLimit(ConnectionEvents events, ServerLimits limits, LongSupplier nanoTime) {
		this.events = events;
		this.resets = new RateLimit(limits.maxResets(), nanoTime);
		this.emptyFrames = new RateLimit(limits.maxEmptyFrames(), nanoTime);
	}

	/**
	 * Decide about one more event.
	 * @param load what the event is
	 * @return whether it is within the limit
	 */
	boolean admits(ExcessiveLoad load) {
		RateLimit limit = (load == ExcessiveLoad.RESETS) ? this.resets : this.emptyFrames;
		boolean admitted = limit.admits();
		if (!admitted) {
			this.events.excessiveLoad(load);
		}
		return admitted;
	}

}
