package io.github.http3spring.netty;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.netty.util.concurrent.EventExecutor;

/**
 * Does something with many connections, some at a time, and rests in between for several
 * times as long as it has worked: the event loop serves requests then, and reads what the
 * clients answer before the socket's buffer is full. The slower the machine, the slower
 * the pace. Confined to the event loop of the connections.
 */
final class ConnectionBatches {

	/**
	 * Time after which a batch ends: long against the cost of a timer, short for whoever
	 * waits for the event loop.
	 */
	private static final long BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	/**
	 * How many times as long as a batch the rest after it is. What begins in a batch goes
	 * on costing time after it: a connection that is shut down is acknowledged, answered
	 * and closed later, which takes about as long again as its first GOAWAY.
	 */
	private static final int REST = 4;

	private final EventExecutor eventLoop;

	private final List<Http3Connection> connections;

	private final long spreadNanos;

	private final Consumer<Http3Connection> action;

	private final CompletableFuture<Void> done = new CompletableFuture<>();

	private final long startedAt = System.nanoTime();

	private int next;

	private ConnectionBatches(EventExecutor eventLoop, List<Http3Connection> connections, Duration spread,
			Consumer<Http3Connection> action) {
		this.eventLoop = eventLoop;
		this.connections = connections;
		this.spreadNanos = spread.toNanos();
		this.action = action;
	}

	/**
	 * Do something with each connection, as soon as the event loop can afford it.
	 * @param eventLoop the event loop of the connections, on which this is called
	 * @param connections the connections
	 * @param action what to do with each connection; some may have ended by then
	 * @return completed when all is done; never, if the event loop is shut down before
	 */
	static CompletableFuture<Void> forEach(EventExecutor eventLoop, List<Http3Connection> connections,
			Consumer<Http3Connection> action) {
		return forEach(eventLoop, connections, Duration.ZERO, action);
	}

	/**
	 * Do something with each connection, evenly over a time.
	 * @param eventLoop the event loop of the connections, on which this is called
	 * @param connections the connections
	 * @param spread the time over which to do it; longer, if the event loop cannot afford
	 * that
	 * @param action what to do with each connection; some may have ended by then
	 * @return completed when all is done; never, if the event loop is shut down before
	 */
	static CompletableFuture<Void> forEach(EventExecutor eventLoop, List<Http3Connection> connections, Duration spread,
			Consumer<Http3Connection> action) {
		ConnectionBatches batches = new ConnectionBatches(eventLoop, connections, spread, action);
		batches.runBatch();
		return batches.done;
	}

	private void runBatch() {
		long start = System.nanoTime();
		int due = due(start);
		long worked = 0;
		try {
			while (this.next < due && worked < BATCH_NANOS) {
				this.action.accept(this.connections.get(this.next++));
				worked = System.nanoTime() - start;
			}
		}
		catch (RuntimeException ex) {
			this.done.completeExceptionally(ex);
			return;
		}
		if (this.next == this.connections.size()) {
			this.done.complete(null);
			return;
		}
		long nextDue = this.startedAt + (long) ((double) this.next / this.connections.size() * this.spreadNanos);
		long untilDue = nextDue - start - worked;
		this.eventLoop.schedule(this::runBatch, Math.max(untilDue, worked * REST), TimeUnit.NANOSECONDS);
	}

	private int due(long now) {
		int count = this.connections.size();
		long elapsed = now - this.startedAt;
		return (elapsed < this.spreadNanos) ? (int) Math.min(count, (double) elapsed / this.spreadNanos * count + 1)
				: count;
	}

}
