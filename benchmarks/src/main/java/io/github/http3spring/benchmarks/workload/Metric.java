package io.github.http3spring.benchmarks.workload;

/**
 * A figure that a workload measures.
 */
public enum Metric {

	/**
	 * CPU time of the server for each request.
	 */
	CPU_PER_REQUEST("CPU per request", "µs", false),

	/**
	 * Requests in a second.
	 */
	REQUEST_RATE("requests per second", "/s", true),

	/**
	 * Heap that the server's threads have allocated for each request.
	 */
	ALLOCATION("allocated per request", "B", false),

	/**
	 * CPU time of the server for each mebibyte of the bodies.
	 */
	CPU_PER_MEBIBYTE("CPU per MiB", "ms", false),

	/**
	 * Megabytes of the bodies in a second.
	 */
	THROUGHPUT("throughput", "MB/s", true);

	private final String title;

	private final String unit;

	private final boolean higherBetter;

	Metric(String title, String unit, boolean higherBetter) {
		this.title = title;
		this.unit = unit;
		this.higherBetter = higherBetter;
	}

	/**
	 * Return what it is called in tables.
	 * @return the title
	 */
	public String title() {
		return this.title;
	}

	/**
	 * Return its unit.
	 * @return the unit
	 */
	public String unit() {
		return this.unit;
	}

	/**
	 * Tell which values are good.
	 * @return whether it is the high ones
	 */
	public boolean isHigherBetter() {
		return this.higherBetter;
	}

}
