package io.github.http3spring.netty.connection;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import io.github.http3spring.shutdown.ConnectionPolicy;
import io.github.http3spring.shutdown.ConnectionPort;
import io.github.http3spring.shutdown.ConnectionPort.Timer;
import io.github.http3spring.shutdown.ConnectionShutdown;
import io.github.http3spring.shutdown.ConnectionState;
import org.jspecify.annotations.Nullable;

/**
 * Shuts a connection down while its server lives on: because of its age or its number of
 * requests, or because somebody wants it to. Confined to the event loop of the
 * connection.
 */
final class ConnectionRetirement {

	private final ConnectionShutdown shutdown;

	private final ConnectionPort port;

	private final Runnable beginning;

	private @Nullable Timer timer;

	private long deadline = Long.MAX_VALUE;

	/**
	 * Prepare the retirement of a connection.
	 * @param shutdown the state of the connection
	 * @param port knows the time
	 * @param beginning begins the shutdown
	 */
	ConnectionRetirement(ConnectionShutdown shutdown, ConnectionPort port, Runnable beginning) {
		this.shutdown = shutdown;
		this.port = port;
		this.beginning = beginning;
	}

	/**
	 * Wait until the connection is old enough, if there is such an age.
	 */
	void awaitMaxAge(ConnectionPolicy policy) {
		Duration maxAge = policy.maxAge();
		if (maxAge != null) {
			long jitter = policy.maxAgeJitter().toNanos();
			long deviation = (jitter > 0) ? ThreadLocalRandom.current().nextLong(-jitter, jitter + 1) : 0;
			this.timer = this.port.schedule(maxAge.plusNanos(deviation), () -> begin(policy.maxAgeGrace()));
		}
	}

	/**
	 * Begin the shutdown, or bring the deadline forward of one that has begun.
	 * @param gracePeriod time after which whatever is still open is cut off
	 * @return whether this call began the shutdown
	 */
	boolean begin(Duration gracePeriod) {
		boolean first = this.shutdown.state() == ConnectionState.OPEN;
		long deadline = System.nanoTime() + gracePeriod.toNanos();
		if (first || deadline < this.deadline) {
			cancel();
			this.deadline = deadline;
			this.timer = this.port.schedule(gracePeriod, this.shutdown::expire);
		}
		if (first) {
			this.beginning.run();
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
