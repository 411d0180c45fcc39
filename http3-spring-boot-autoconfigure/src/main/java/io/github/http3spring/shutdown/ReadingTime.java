package io.github.http3spring.shutdown;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Estimates for how long a client may be reading what it has acknowledged already. A
 * CONNECTION_CLOSE makes it throw away what its application has not read (RFC 9000
 * section 10.2), and nothing on the wire tells how much that is: credit comes as it
 * reads, but many clients grant none after the last byte.
 * <p>
 * {@link ResponsePace} tells it for a response that is longer than the client's window;
 * otherwise the pace is a guess.
 */
public final class ReadingTime {

	/**
	 * Pace that a client is trusted to read at least if nothing is known: 512 KiB per
	 * second.
	 */
	private static final long NANOS_PER_BYTE = TimeUnit.SECONDS.toNanos(1) / (512 << 10);

	/**
	 * Percentage of the estimate that is waited for. A reader is not quite even.
	 */
	private static final int MARGIN_PERCENT = 125;

	/**
	 * What is added to that for the way to the client and its scheduling.
	 */
	private static final Duration MARGIN = Duration.ofMillis(100);

	private final long limit;

	private final LongSupplier clock;

	private long until;

	/**
	 * Begin with a connection that has sent nothing.
	 * @param limit the longest time that is guessed
	 * @param clock the time in nanoseconds
	 */
	public ReadingTime(Duration limit, LongSupplier clock) {
		this.limit = limit.toNanos();
		this.clock = clock;
		this.until = clock.getAsLong();
	}

	/**
	 * Note that a response was accepted whole whose client need not have read any of it.
	 * @param bytes its size
	 */
	public void responseSent(long bytes) {
		long now = this.clock.getAsLong();
		long start = later(now, this.until);
		long latest = later(now + this.limit, this.until);
		long end = start + bytes * NANOS_PER_BYTE;
		this.until = (end - latest < 0) ? end : latest;
	}

	/**
	 * Note that a response was accepted whole whose pace is known.
	 * @param time the time that the client still needs to read it
	 */
	public void responseSent(Duration time) {
		Duration wait = time.multipliedBy(MARGIN_PERCENT).dividedBy(100).plus(MARGIN);
		this.until = later(this.clock.getAsLong() + wait.toNanos(), this.until);
	}

	/**
	 * Return what is left of the time.
	 * @return the time, negative or zero if it is over
	 */
	public Duration left() {
		return Duration.ofNanos(this.until - this.clock.getAsLong());
	}

	/**
	 * Return whether the time is over.
	 * @return whether nothing is left of it
	 */
	public boolean isOver() {
		return this.until - this.clock.getAsLong() <= 0;
	}

	private static long later(long time, long other) {
		return (time - other > 0) ? time : other;
	}

}
