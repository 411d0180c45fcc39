package io.github.http3spring.netty.connection;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

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

	private final Duration interval;

	private final ConnectionTiming timing;

	private final LongSupplier requests;

	private final BooleanSupplier busy;

	private final Runnable owner;

	private long seenRequests;

	private int quietLooks;

	private @Nullable Timer timer;

	/**
	 * Begin to look.
	 * @param timeout the time without requests
	 * @param timing tells the time
	 * @param requests tells how many requests there have been
	 * @param busy tells whether one of them is open, or its response on its way
	 * @param owner told once when the time is over
	 */
	KeepAlive(Duration timeout, ConnectionTiming timing, LongSupplier requests, BooleanSupplier busy, Runnable owner) {
		this.interval = timeout.dividedBy(LOOKS);
		this.timing = timing;
		this.requests = requests;
		this.busy = busy;
		this.owner = owner;
		this.seenRequests = requests.getAsLong();
		schedule();
	}

	private void schedule() {
		this.timer = this.timing.schedule(this.interval, this::look);
	}

	private void look() {
		this.timer = null;
		long now = this.requests.getAsLong();
		boolean quiet = now == this.seenRequests && !this.busy.getAsBoolean();
		this.seenRequests = now;
		this.quietLooks = quiet ? this.quietLooks + 1 : 0;
		if (this.quietLooks == LOOKS) {
			this.owner.run();
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

}
