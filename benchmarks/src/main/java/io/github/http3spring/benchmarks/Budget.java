package io.github.http3spring.benchmarks;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Shares out the time of a run, by weight: what one part leaves is for those that follow.
 */
final class Budget {

	private final LongSupplier clock;

	private final long end;

	private int weights;

	/**
	 * Create a budget.
	 * @param total the time that there is
	 * @param weights the sum of the weights of all parts
	 * @param clock tells the time in nanoseconds
	 */
	Budget(Duration total, int weights, LongSupplier clock) {
		this.clock = clock;
		this.end = clock.getAsLong() + total.toNanos();
		this.weights = weights;
	}

	/**
	 * Begin the next part.
	 * @param weight its weight
	 * @return the time for it, zero if there is none left
	 */
	Duration next(int weight) {
		long left = Math.max(0, this.end - this.clock.getAsLong());
		Duration share = Duration.ofNanos(left / this.weights * weight);
		this.weights -= weight;
		return share;
	}

}
