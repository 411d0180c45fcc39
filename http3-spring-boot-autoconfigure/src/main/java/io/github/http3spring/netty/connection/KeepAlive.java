package io.github.http3spring.netty.connection;

import java.time.Duration;

import io.github.http3spring.shutdown.ConnectionTiming;
import io.github.http3spring.shutdown.ConnectionTiming.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a client keeps its connection for no requests: with PING and other frames
 * it can do so for ever (RFC 9000 section 10.1.2). A look now and then costs requests
 * nothing. Confined to the event loop of the connection.
 */
final class KeepAlive {

	/**
	 * Looks in the time without requests, which is that much longer at most.
	 */
	private static final int LOOKS = 4;

	private final Duration timeout;

	private final ConnectionTiming timing;

	private final Owner owner;

	private long seenRequests;

	private int quietLooks;

	private @Nullable Timer timer;

	/**
	 * Begin to look.
	 * @param timeout the time without requests
	 * @param timing tells the time
	 * @param owner the connection
	 */
	KeepAlive(Duration timeout, ConnectionTiming timing, Owner owner) {
		this.timeout = timeout;
		this.timing = timing;
		this.owner = owner;
		this.seenRequests = owner.requests();
		schedule();
	}

	private void schedule() {
		this.timer = this.timing.schedule(this.timeout.dividedBy(LOOKS), this::look);
	}

	private void look() {
		this.timer = null;
		long now = this.owner.requests();
		boolean quiet = now == this.seenRequests && !this.owner.isBusy();
		this.seenRequests = now;
		this.quietLooks = quiet ? this.quietLooks + 1 : 0;
		if (this.quietLooks == LOOKS) {
			this.owner.keptForNothing();
		}
		else {
			schedule();
		}
	}

	void cancel() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

	/**
	 * The connection that is kept.
	 */
	interface Owner {

		/**
		 * Return how many requests there have been.
		 */
		long requests();

		/**
		 * Return whether one of them is open, or its response is still being read.
		 */
		boolean isBusy();

		/**
		 * Note, once, that the time without requests is over.
		 */
		void keptForNothing();

	}

}
