package io.github.http3spring.netty;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Estimates for how long a client may be reading what it has acknowledged already. A
 * CONNECTION_CLOSE makes it throw away what its application has not read (RFC 9000
 * section 10.2), and nothing on the wire tells how much that is. Confined to the event
 * loop of the connection.
 */
final class ReadingTime {

	/**
	 * Pace that a client is trusted to read at least: 512 KiB per second.
	 */
	private static final long NANOS_PER_BYTE = TimeUnit.SECONDS.toNanos(1) / (512 << 10);

	private final long limit;

	private long until = System.nanoTime();

	/**
	 * Begin with a connection that has sent nothing.
	 * @param limit the longest time after the end of a response
	 */
	ReadingTime(Duration limit) {
		this.limit = limit.toNanos();
	}

	/**
	 * Note that a response was handed to the transport. Of a long one that was sent
	 * slowly most has been read by then.
	 * @param startedAt the time at which its first bytes were, by the clock of
	 * {@link System#nanoTime()}
	 * @param bytes its size
	 */
	void responseSent(long startedAt, long bytes) {
		long start = (this.until - startedAt > 0) ? this.until : startedAt;
		long end = start + bytes * NANOS_PER_BYTE;
		long latest = System.nanoTime() + this.limit;
		this.until = (end - latest < 0) ? end : latest;
	}

	/**
	 * Let the time end early.
	 * @param left the most that is left of it
	 */
	void endWithin(Duration left) {
		long latest = System.nanoTime() + left.toNanos();
		this.until = (this.until - latest < 0) ? this.until : latest;
	}

	/**
	 * Return what is left of the time, negative or zero if it is over.
	 */
	Duration left() {
		return Duration.ofNanos(this.until - System.nanoTime());
	}

	boolean isOver() {
		return this.until - System.nanoTime() <= 0;
	}

}
