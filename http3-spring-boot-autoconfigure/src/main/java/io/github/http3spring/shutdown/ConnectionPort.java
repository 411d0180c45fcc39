package io.github.http3spring.shutdown;

import java.time.Duration;
import java.util.Optional;

/**
 * Actions that {@link ConnectionShutdown} takes on its connection. All methods are called
 * on the thread that the connection is confined to, and none blocks.
 */
public interface ConnectionPort {

	/**
	 * Write a GOAWAY frame to the control stream and let it leave at once.
	 * @param streamId the identifier that the frame carries (RFC 9114 section 7.2.6)
	 */
	void sendGoAway(long streamId);

	/**
	 * Reset all request streams whose responses have not reached the peer with
	 * H3_REQUEST_CANCELLED, and cancel the handlers of those that are still open.
	 */
	void cancelRequests();

	/**
	 * Return how many requests have ended whose responses the peer has not yet
	 * acknowledged to the last byte.
	 * @return the number of responses that are still on their way
	 */
	int undelivered();

	/**
	 * Call {@link ConnectionShutdown#delivered()} when the peer has acknowledged the
	 * final GOAWAY and all responses, and has had time to read them: requests that it has
	 * sent before it knew, and what it has not read, are lost with CONNECTION_CLOSE.
	 */
	void awaitDelivery();

	/**
	 * Send CONNECTION_CLOSE with H3_NO_ERROR, and call
	 * {@link ConnectionShutdown#closingPeriodEnded()} after the closing period.
	 */
	void close();

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
	 * Send something that the peer has to acknowledge and that has no other meaning (RFC
	 * 9000 section 10.1.2).
	 */
	void keepAlive();

	/**
	 * Run a task later on the thread that the connection is confined to.
	 * @param delay the time to wait
	 * @param task the task
	 * @return the handle to cancel it
	 */
	Timer schedule(Duration delay, Runnable task);

	/**
	 * Called once when the connection has reached {@link ConnectionState#CLOSED}.
	 */
	void closed();

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
