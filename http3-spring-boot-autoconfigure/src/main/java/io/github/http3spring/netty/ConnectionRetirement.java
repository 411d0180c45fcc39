package io.github.http3spring.netty;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import io.github.http3spring.shutdown.ConnectionPolicy;
import io.github.http3spring.shutdown.ConnectionPort.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Shuts a connection down while its server lives on: because of its age or its number of
 * requests, or because somebody wants it to. Confined to the event loop of the
 * connection.
 */
final class ConnectionRetirement {

	private final Http3Connection connection;

	private @Nullable Timer timer;

	private long deadline = Long.MAX_VALUE;

	ConnectionRetirement(Http3Connection connection) {
		this.connection = connection;
	}

	/**
	 * Wait until the connection is old enough, if there is such an age.
	 */
	void awaitMaxAge(ConnectionPolicy policy) {
		policy.maxAge().ifPresent((maxAge) -> {
			long jitter = policy.maxAgeJitter().toNanos();
			long deviation = (jitter > 0) ? ThreadLocalRandom.current().nextLong(-jitter, jitter + 1) : 0;
			this.timer = this.connection.schedule(maxAge.plusNanos(deviation), () -> begin(policy.maxAgeGrace()));
		});
	}

	/**
	 * Begin the shutdown, or bring the deadline forward of one that has begun.
	 * @param gracePeriod time after which whatever is still open is cut off
	 * @return whether this call began the shutdown
	 */
	boolean begin(Duration gracePeriod) {
		boolean first = !this.connection.isShuttingDown();
		long deadline = System.nanoTime() + gracePeriod.toNanos();
		if (first || deadline < this.deadline) {
			cancel();
			this.deadline = deadline;
			this.timer = this.connection.schedule(gracePeriod, this.connection.shutdown()::expire);
		}
		if (first) {
			this.connection.shutDown();
		}
		return first;
	}

	void cancel() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

}
