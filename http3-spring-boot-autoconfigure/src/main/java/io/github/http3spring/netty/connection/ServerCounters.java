package io.github.http3spring.netty.connection;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.github.http3spring.server.Http3ServerTotals;
import io.github.http3spring.shutdown.ConnectionOutcome;

/**
 * Counts what a server does. Written by its event loop alone, hence without locks and
 * without atomic additions, and read by any thread.
 */
public final class ServerCounters {

	private final Counter accepted = new Counter();

	private final Counter refused = new Counter();

	private final Counter handshakeFailures = new Counter();

	private final Counter completed = new Counter();

	private final Counter atDeadline = new Counter();

	private final Counter closedByPeer = new Counter();

	private final Counter timedOut = new Counter();

	private final Counter vanished = new Counter();

	private final Counter requestsAccepted = new Counter();

	private final Counter requestsCompleted = new Counter();

	private final Counter requestsRejected = new Counter();

	private final Counter requestsCancelled = new Counter();

	private final Counter goAways = new Counter();

	private final Counter shutdowns = new Counter();

	private final Counter shutdownNanos = new Counter();

	void connectionAccepted() {
		this.accepted.add(1);
	}

	public void connectionRefused() {
		this.refused.add(1);
	}

	void connectionEnded(ConnectionOutcome outcome) {
		switch (outcome) {
			case COMPLETED -> this.completed.add(1);
			case DEADLINE -> this.atDeadline.add(1);
			case PEER_CLOSED -> this.closedByPeer.add(1);
			case IDLE_TIMEOUT -> this.timedOut.add(1);
			case VANISHED -> this.vanished.add(1);
			case REFUSED -> this.refused.add(1);
			case HANDSHAKE_FAILED -> this.handshakeFailures.add(1);
		}
	}

	void requestAccepted() {
		this.requestsAccepted.add(1);
	}

	void requestRejected() {
		this.requestsRejected.add(1);
	}

	void requestEnded(boolean successful) {
		(successful ? this.requestsCompleted : this.requestsCancelled).add(1);
	}

	void goAwaySent() {
		this.goAways.add(1);
	}

	public void shutdownEnded(Duration duration) {
		this.shutdowns.add(1);
		this.shutdownNanos.add(duration.toNanos());
	}

	/**
	 * Read what ends before what begins, so that nothing seems to end before it begins.
	 */
	public Http3ServerTotals totals() {
		long completed = this.completed.get();
		long atDeadline = this.atDeadline.get();
		long closedByPeer = this.closedByPeer.get();
		long timedOut = this.timedOut.get();
		long vanished = this.vanished.get();
		long requestsCompleted = this.requestsCompleted.get();
		long requestsCancelled = this.requestsCancelled.get();
		return new Http3ServerTotals(this.accepted.get(), this.refused.get(), this.handshakeFailures.get(), completed,
				atDeadline, closedByPeer, timedOut, vanished, this.requestsAccepted.get(), requestsCompleted,
				this.requestsRejected.get(), requestsCancelled, this.goAways.get(), this.shutdowns.get(),
				Duration.ofNanos(this.shutdownNanos.get()));
	}

	/**
	 * Number with one writer at a time.
	 */
	private static final class Counter {

		private final AtomicLong value = new AtomicLong();

		void add(long amount) {
			this.value.setRelease(this.value.getPlain() + amount);
		}

		long get() {
			return this.value.getAcquire();
		}

	}

}
