package io.github.http3spring.netty;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;

/**
 * Keeps the shutdown of many connections from filling the socket's buffer with what all
 * the clients answer: so many are under way at a time, like packets in a congestion
 * window, so that a busy machine goes slower. The last one has its turn in time all the
 * same. Confined to the event loop of the connections.
 */
final class ShutdownPace implements ConnectionBatches.Pace {

	/**
	 * How many connections may wait for the answers of their clients. An answer takes 5
	 * KB of the buffer: clients take the GOAWAY for an occasion to probe the path for
	 * larger packets too.
	 */
	static final int WINDOW = 512;

	private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	private final int count;

	private final Duration spread;

	private final Duration limit;

	private final IntPredicate settled;

	private final LongSupplier clock;

	private final long startedAt;

	/**
	 * Connections that have had their turn, but for those that were seen to be settled.
	 */
	private final Set<Integer> unsettled = new HashSet<>();

	/**
	 * Start now.
	 * @param count the number of connections
	 * @param spread the time over which to distribute them evenly; longer, if they are
	 * not settled by then
	 * @param limit the time after which the last one has its turn, settled or not
	 * @param settled whether a connection, by its number, waits for no answer
	 * @param clock the time in nanoseconds
	 */
	ShutdownPace(int count, Duration spread, Duration limit, IntPredicate settled, LongSupplier clock) {
		this.count = count;
		this.spread = spread;
		this.limit = limit;
		this.settled = settled;
		this.clock = clock;
		this.startedAt = clock.getAsLong();
	}

	@Override
	public long nanosUntil(int number) {
		long elapsed = this.clock.getAsLong() - this.startedAt;
		long due = share(this.spread, number);
		if (elapsed < due) {
			return due - elapsed;
		}
		if (elapsed < share(this.limit, number) && !hasRoom()) {
			return RETRY_NANOS;
		}
		this.unsettled.add(number);
		return 0;
	}

	/**
	 * Return whether few enough wait for answers, whichever they are: a client that has
	 * vanished takes one place, and holds nobody up.
	 */
	private boolean hasRoom() {
		if (this.unsettled.size() >= WINDOW) {
			this.unsettled.removeIf(this.settled::test);
		}
		return this.unsettled.size() < WINDOW;
	}

	private long share(Duration time, int number) {
		return (long) ((double) number / this.count * time.toNanos());
	}

}
