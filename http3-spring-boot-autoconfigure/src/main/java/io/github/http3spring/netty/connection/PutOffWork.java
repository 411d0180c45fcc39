package io.github.http3spring.netty.connection;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.netty.util.concurrent.EventExecutor;

/**
 * Lets the connections of a worker do by turns what they have put off: one after the
 * other, and a millisecond of it before the socket is read again. Confined to the event
 * loop of the connections.
 */
public final class PutOffWork {

	static final Duration MAX_TURN = Duration.ofMillis(1);

	private final Queue<Runnable> turns = new ArrayDeque<>();

	private final LongSupplier nanoTime;

	public PutOffWork() {
		this(System::nanoTime);
	}

	PutOffWork(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Let a connection have a turn behind those that wait.
	 * @param turn does some of its work, and adds itself again if there is more
	 * @param eventLoop the event loop
	 */
	void add(Runnable turn, EventExecutor eventLoop) {
		if (this.turns.isEmpty()) {
			schedule(eventLoop);
		}
		this.turns.add(turn);
	}

	/**
	 * A scheduled task, even without a delay, comes after the next look at the socket,
	 * unlike one that is executed.
	 */
	private void schedule(EventExecutor eventLoop) {
		eventLoop.schedule(() -> takeTurns(eventLoop), 0, TimeUnit.NANOSECONDS);
	}

	private void takeTurns(EventExecutor eventLoop) {
		long start = this.nanoTime.getAsLong();
		// Those that are added meanwhile come later
		int count = this.turns.size();
		try {
			do {
				takeTurn();
				count--;
			}
			while (count > 0 && this.nanoTime.getAsLong() - start < MAX_TURN.toNanos());
		}
		finally {
			if (!this.turns.isEmpty()) {
				schedule(eventLoop);
			}
		}
	}

	private void takeTurn() {
		try {
			this.turns.element().run();
		}
		finally {
			// Not before: it may have added itself again, behind a turn that is scheduled
			this.turns.remove();
		}
	}

}
