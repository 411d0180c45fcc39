package io.github.http3spring.netty.connection;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

import io.github.http3spring.server.ConnectionCounts;
import io.github.http3spring.server.Http3ServerTotals;
import io.github.http3spring.server.RequestCounts;
import io.github.http3spring.shutdown.ConnectionOutcome;
import io.github.http3spring.shutdown.ConnectionState;

/**
 * Keeps the ledger of a worker: counts what happens on its connections. Totals are a
 * reading of the ledgers of all workers, and the verdict on a shutdown is the difference
 * of two readings. Written by its event loop alone, hence without locks and without
 * atomic additions, and read by any thread.
 */
public final class ServerCounters implements ConnectionEvents {

	private final Counter accepted = new Counter();

	/**
	 * Connections that have ended, by the ordinal of their outcome.
	 */
	private final Counter[] ended = Arrays.stream(ConnectionOutcome.values())
		.map((outcome) -> new Counter())
		.toArray(Counter[]::new);

	private final Counter requestsAccepted = new Counter();

	private final Counter requestsCompleted = new Counter();

	private final Counter requestsRejected = new Counter();

	private final Counter requestsCancelled = new Counter();

	private final Counter requestsLost = new Counter();

	private final Counter goAways = new Counter();

	private final Counter shutdowns = new Counter();

	private final Counter shutdownNanos = new Counter();

	@Override
	public void refused(SocketAddress peer, String reason) {
		this.ended[ConnectionOutcome.REFUSED.ordinal()].add(1);
	}

	@Override
	public void handshakeDone(Duration age) {
		this.accepted.add(1);
	}

	@Override
	public void ended(ConnectionOutcome outcome, Duration age, long requests) {
		this.ended[outcome.ordinal()].add(1);
	}

	@Override
	public void requestAccepted() {
		this.requestsAccepted.add(1);
	}

	@Override
	public void requestRejected(long streamId) {
		this.requestsRejected.add(1);
	}

	/**
	 * Does not count a request again that was lost before.
	 */
	@Override
	public void requestEnded(long streamId, boolean successful, ConnectionState state, int open) {
		if (state.compareTo(ConnectionState.CLOSING) < 0) {
			(successful ? this.requestsCompleted : this.requestsCancelled).add(1);
		}
	}

	@Override
	public void requestsLost(int requests, int responses) {
		this.requestsCancelled.add(requests);
		this.requestsLost.add(requests + responses);
	}

	@Override
	public void goAwaySent(long streamId, int open) {
		this.goAways.add(1);
	}

	/**
	 * Note that a shutdown of the whole server has ended.
	 */
	public void shutdownEnded(Duration duration) {
		this.shutdowns.add(1);
		this.shutdownNanos.add(duration.toNanos());
	}

	/**
	 * Read what ends before what begins, so that nothing seems to end before it begins.
	 */
	public ConnectionCounts connections() {
		long[] ended = Arrays.stream(this.ended).mapToLong(Counter::get).toArray();
		return ConnectionCounts.of(this.accepted.get(), (outcome) -> ended[outcome.ordinal()]);
	}

	/**
	 * Read what ends before what begins, so that nothing seems to end before it begins.
	 */
	public RequestCounts requests() {
		long lost = this.requestsLost.get();
		long completed = this.requestsCompleted.get();
		long cancelled = this.requestsCancelled.get();
		return new RequestCounts(this.requestsAccepted.get(), completed, this.requestsRejected.get(), cancelled, lost);
	}

	/**
	 * Read all.
	 */
	public Http3ServerTotals totals() {
		return new Http3ServerTotals(connections(), requests(), this.goAways.get(), this.shutdowns.get(),
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
