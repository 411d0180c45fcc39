package io.github.http3spring.benchmarks.workload;

import java.time.Duration;

/**
 * Decides how long to warm up: until the JVM has little left to compile, and what is done
 * no longer gets cheaper.
 */
final class WarmUp {

	/**
	 * Slices in a row that have to be steady.
	 */
	private static final int STEADY = 2;

	private static final double CHEAPER = 0.97;

	private static final double COMPILING = 0.1;

	private final long end;

	private double best = Double.MAX_VALUE;

	private int steady;

	WarmUp(Duration limit) {
		this.end = System.nanoTime() + limit.toNanos();
	}

	/**
	 * Tell whether to go on.
	 */
	boolean goesOn() {
		return this.steady < STEADY && System.nanoTime() < this.end;
	}

	/**
	 * Note what one slice has cost.
	 * @param slice the slice
	 */
	void add(Slice slice) {
		add(slice.cpuEach(), slice.compiling());
	}

	/**
	 * Note what one slice has cost.
	 * @param cost the CPU time for each time
	 * @param compiling the share of the CPU time that went into compiling, from 0 to 1
	 */
	void add(double cost, double compiling) {
		boolean changing = cost < this.best * CHEAPER || compiling > COMPILING;
		this.steady = changing ? 0 : this.steady + 1;
		this.best = Math.min(this.best, cost);
	}

}
