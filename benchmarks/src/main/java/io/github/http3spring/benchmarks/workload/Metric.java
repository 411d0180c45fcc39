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
	THROUGHPUT("throughput", "MB/s", true),

	/**
	 * CPU time of the server for each connection that was made, asked once and closed.
	 */
	CPU_PER_CONNECTION("CPU per connection", "µs", false),

	/**
	 * Connections made, asked once and closed in a second.
	 */
	CONNECTION_RATE("connections per second", "/s", true),

	/**
	 * Share of the handshakes that have resumed a session.
	 */
	RESUMED("resumed", "%", true),

	/**
	 * Connections that were made before the client's first probe.
	 */
	FIRST_TRY("at the first try", "of 200", true),

	/**
	 * Time until all connections were made.
	 */
	ALL_CONNECTED("until all were made", "ms", false),

	/**
	 * Datagrams that found the buffer of the server's socket full.
	 */
	DATAGRAMS_LOST("datagrams lost", "", false),

	/**
	 * Memory that is resident, but no heap, for each open connection.
	 */
	NATIVE_PER_CONNECTION("native memory each", "KiB", false),

	/**
	 * Heap in use for each open connection.
	 */
	HEAP_PER_CONNECTION("heap each", "KiB", false),

	/**
	 * Time from the start of the process to the first response.
	 */
	START_UP("until the first response", "s", false),

	/**
	 * CPU time of the process until then.
	 */
	START_UP_CPU("CPU until then", "s", false);

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
	 * Return what it is called, with its unit.
	 * @return the label
	 */
	public String label() {
		return this.unit.isEmpty() ? this.title : this.title + ", " + this.unit;
	}

	/**
	 * Tell which values are good.
	 * @return whether it is the high ones
	 */
	public boolean isHigherBetter() {
		return this.higherBetter;
	}

}
