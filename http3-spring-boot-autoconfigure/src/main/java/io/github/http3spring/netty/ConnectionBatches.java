package io.github.http3spring.netty;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import io.netty.util.concurrent.EventExecutor;

/**
 * Does something with many connections, some at a time, and rests in between for several
 * times as long as it has worked: the event loop serves requests then, and reads what the
 * clients answer before the socket's buffer is full. The slower the machine, the slower
 * the pace. Confined to the event loop of the connections.
 *
 * @param <T> what a connection is
 */
final class ConnectionBatches<T> {

	/**
	 * Time after which a batch ends: long against the cost of a timer, short for requests
	 * that wait for the event loop.
	 */
	private static final long BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	/**
	 * How many times as long as a batch the rest after it is. What begins in a batch goes
	 * on costing time after it; {@link ShutdownPace} waits for that.
	 */
	private static final int REST = 4;

	private final EventExecutor eventLoop;

	private final List<T> connections;

	private final Pace pace;

	private final Consumer<? super T> action;

	private final LongSupplier clock;

	private final CompletableFuture<Void> done = new CompletableFuture<>();

	private int next;

	private ConnectionBatches(EventExecutor eventLoop, List<T> connections, Pace pace, Consumer<? super T> action,
			LongSupplier clock) {
		this.eventLoop = eventLoop;
		this.connections = connections;
		this.pace = pace;
		this.action = action;
		this.clock = clock;
	}

	/**
	 * Do something with each connection, as soon as the event loop can afford it.
	 * @param <T> what a connection is
	 * @param eventLoop the event loop of the connections, on which this is called
	 * @param connections the connections
	 * @param action what to do with each connection; some may have ended by then
	 * @return completed when all is done; never, if the event loop is shut down before
	 */
	static <T> CompletableFuture<Void> forEach(EventExecutor eventLoop, List<T> connections,
			Consumer<? super T> action) {
		return forEach(eventLoop, connections, (number) -> 0, action);
	}

	/**
	 * Do something with each connection, at a pace that is given.
	 * @param <T> what a connection is
	 * @param eventLoop the event loop of the connections, on which this is called
	 * @param connections the connections
	 * @param pace how fast to go on, unless the event loop cannot afford that
	 * @param action what to do with each connection; some may have ended by then
	 * @return completed when all is done; never, if the event loop is shut down before
	 */
	static <T> CompletableFuture<Void> forEach(EventExecutor eventLoop, List<T> connections, Pace pace,
			Consumer<? super T> action) {
		return forEach(eventLoop, connections, pace, action, System::nanoTime);
	}

	static <T> CompletableFuture<Void> forEach(EventExecutor eventLoop, List<T> connections, Pace pace,
			Consumer<? super T> action, LongSupplier clock) {
		ConnectionBatches<T> batches = new ConnectionBatches<>(eventLoop, connections, pace, action, clock);
		batches.runBatch();
		return batches.done;
	}

	private void runBatch() {
		long start = this.clock.getAsLong();
		long worked = 0;
		long pause = 0;
		try {
			while (this.next < this.connections.size() && worked < BATCH_NANOS && pause == 0) {
				pause = this.pace.nanosUntil(this.next);
				if (pause == 0) {
					this.action.accept(this.connections.get(this.next++));
				}
				worked = this.clock.getAsLong() - start;
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
		this.eventLoop.schedule(this::runBatch, Math.max(pause, worked * REST), TimeUnit.NANOSECONDS);
	}

	/**
	 * Decides when it is a connection's turn.
	 */
	@FunctionalInterface
	interface Pace {

		/**
		 * Return how long to wait with a connection, at least.
		 * @param number the number of the connection, from zero; those before have had
		 * their turn
		 * @return the time in nanoseconds, 0 to do it at once; otherwise asked again then
		 */
		long nanosUntil(int number);

	}

}
