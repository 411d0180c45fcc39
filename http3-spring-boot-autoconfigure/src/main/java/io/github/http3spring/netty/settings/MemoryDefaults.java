package io.github.http3spring.netty.settings;

/**
 * Derives from the heap what clients may make the server hold, where no property says it.
 * Most of that is native memory, which no option of the virtual machine limits: a process
 * is usually given some more memory than its heap, in proportion to that.
 *
 * @param maxHeap bytes that the heap may grow to
 */
public record MemoryDefaults(long maxHeap) {

	/**
	 * What a connection may take: an idle one takes about so much native memory, and a
	 * third of it in the heap.
	 */
	private static final long HEAP_PER_CONNECTION = 64 * 1024;

	private static final int MIN_CONNECTIONS = 1024;

	/**
	 * What an open request may take: as much content as the codecs of WebFlux gather for
	 * one by default ({@code spring.codec.max-in-memory-size}), beside which the 9 to 12
	 * KB of the request itself are little.
	 */
	private static final long HEAP_PER_REQUEST = 256 * 1024;

	private static final int MIN_REQUESTS = 1024;

	/**
	 * A sixteenth: at the worst, data on the wire takes 27 times as much in memory.
	 */
	private static final int DATA_PER_HEAP = 16;

	/**
	 * A quarter: what is sent takes little more in memory than on the wire, and is in
	 * flight for a round-trip time.
	 */
	private static final int UNSENT_PER_HEAP = 4;

	/**
	 * What all downloads together need at 5 Gbit/s and a round-trip time of 100 ms.
	 */
	static final long MIN_UNSENT = 64 * 1024 * 1024;

	/**
	 * What a single upload needs at 1 Gbit/s and a round-trip time of 100 ms.
	 */
	static final long MIN_DATA = 16 * 1024 * 1024;

	/**
	 * Return the defaults of this virtual machine.
	 */
	public static MemoryDefaults ofThisProcess() {
		return new MemoryDefaults(Runtime.getRuntime().maxMemory());
	}

	/**
	 * Return how many connections there may be.
	 */
	public int maxConnections() {
		return (int) Math.min(Integer.MAX_VALUE, Math.max(MIN_CONNECTIONS, this.maxHeap / HEAP_PER_CONNECTION));
	}

	/**
	 * Return how many requests may be open on all connections together.
	 */
	public int maxOpenRequests() {
		return (int) Math.min(Integer.MAX_VALUE, Math.max(MIN_REQUESTS, this.maxHeap / HEAP_PER_REQUEST));
	}

	/**
	 * Return how many bytes may wait on all connections together to be read.
	 */
	public long maxUndeliveredData() {
		return Math.max(MIN_DATA, this.maxHeap / DATA_PER_HEAP);
	}

	/**
	 * Return how many bytes of responses the transport may hold for all connections
	 * together.
	 */
	public long maxUnsentData() {
		return Math.max(MIN_UNSENT, this.maxHeap / UNSENT_PER_HEAP);
	}

	/**
	 * Return how many bytes may wait on a connection to be read.
	 * @param initialMaxData the credit that a client has at first, which has to fit
	 */
	public long maxUndeliveredData(long initialMaxData) {
		return Math.max(MIN_DATA, 2 * Math.min(initialMaxData, Long.MAX_VALUE / 2));
	}

}
