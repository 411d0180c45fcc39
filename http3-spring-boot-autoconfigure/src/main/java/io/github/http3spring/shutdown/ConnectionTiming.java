package io.github.http3spring.shutdown;

import java.time.Duration;
import java.util.Optional;

/**
 * Tells {@link ConnectionShutdown} the time, and the times that follow from the path and
 * the settings of its connection.
 */
public interface ConnectionTiming {

	/**
	 * Return the present time, by a clock that only its differences mean something of.
	 * @return the time in nanoseconds
	 */
	long nanoTime();

	/**
	 * Run a task later on the thread that the connection is confined to.
	 * @param delay the time to wait
	 * @param task the task
	 * @return the handle to cancel it
	 */
	Timer schedule(Duration delay, Runnable task);

	/**
	 * Return the time to leave between the first and the final GOAWAY.
	 * @return the delay, at least one round-trip time
	 */
	Duration goAwayDelay();

	/**
	 * Return the most time to leave between the first and the final GOAWAY while requests
	 * still arrive, which were sent before the peer knew, or are read late by a busy
	 * thread.
	 * @return the longest time, the same as {@link #goAwayDelay()} to wait no longer
	 */
	Duration maxGoAwayDelay();

	/**
	 * Return what has gone to the peer and come from it so far.
	 * @return the activity
	 */
	PeerActivity activity();

	/**
	 * Return the silence after which either side ends the connection (RFC 9000 section
	 * 10.1).
	 * @return the idle timeout, empty for none
	 */
	Optional<Duration> idleTimeout();

	/**
	 * A task that has been scheduled.
	 */
	@FunctionalInterface
	interface Timer {

		/**
		 * Keep the task from running; has no effect once it has run.
		 */
		void cancel();

	}

}
