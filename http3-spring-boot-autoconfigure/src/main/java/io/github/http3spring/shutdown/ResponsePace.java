package io.github.http3spring.shutdown;

import java.time.Duration;
import java.util.Optional;

/**
 * Estimates how long a client still has to read a response when the transport has
 * accepted all of it. A client grants credit as its application reads (RFC 9000 section
 * 4.1): while one window is accepted, one window is read. What is not read at the end is
 * at least one window; more if the client has opened its window further on the way, which
 * makes the windows since then look faster than they are read. So all is assumed to be
 * read at the pace of the slowest window.
 * <p>
 * On a path that loses packets windows are accepted in bursts, as the congestion window
 * grows and shrinks, and no single one tells how fast it is read. Certain is only that by
 * the end all but one window was read, which bounds the pace from below.
 * <p>
 * Keeps marks at every eighth of a window, and only those of the last one.
 */
public final class ResponsePace {

	private static final int MARKS_PER_WINDOW = 8;

	/**
	 * How many windows a client has not read at the end, at most: most double theirs if
	 * they do. More would make too much of a single pause, which makes a window slow too.
	 */
	private static final int MOST_UNREAD_WINDOWS = 2;

	private final long window;

	private final long step;

	private final long startedAt;

	/**
	 * Times at which the transport had accepted multiples of the step, the last ones. One
	 * more than a window has, because a window may begin between two.
	 */
	private final long[] marks = new long[MARKS_PER_WINDOW + 2];

	private long bytes;

	private long acceptedAt;

	private long slowest;

	/**
	 * Begin with a response of which nothing was accepted.
	 * @param window the number of bytes that a client takes before it has read any
	 * @param startedAt the time at which the response was first handed to the transport,
	 * in nanoseconds
	 */
	public ResponsePace(long window, long startedAt) {
		this.window = window;
		this.step = Math.max(1, window / MARKS_PER_WINDOW + ((window % MARKS_PER_WINDOW > 0) ? 1 : 0));
		this.startedAt = startedAt;
		this.acceptedAt = startedAt;
		this.marks[0] = startedAt;
	}

	/**
	 * Note that the transport has accepted more of the response.
	 * @param count the number of bytes
	 * @param now the time in nanoseconds
	 */
	public void accepted(long count, long now) {
		long before = this.bytes;
		this.bytes += count;
		long last = this.bytes / this.step;
		long marksPerWindow = Math.max(1, this.window / this.step);
		// Of what came as one piece the pace is assumed to be even
		double nanosPerByte = (double) (now - this.acceptedAt) / count;
		for (long mark = before / this.step + 1; mark <= last; mark++) {
			long time = this.acceptedAt + (long) (nanosPerByte * (mark * this.step - before));
			this.marks[index(mark)] = time;
			if (mark >= marksPerWindow) {
				this.slowest = Math.max(this.slowest, time - this.marks[index(mark - marksPerWindow)]);
			}
		}
		this.acceptedAt = now;
	}

	/**
	 * Return how long the client still has to read. The first window needs no credit, so
	 * as much was read as the response is longer than one, and the last window takes in
	 * proportion. Of a response that is shorter than two that is all that is known, and
	 * little is extrapolated to no more than eight times as long.
	 * @return the time, empty for a response that fits into one window, whose client need
	 * not have read any of it
	 */
	public Optional<Duration> timeToRead() {
		long read = this.bytes - this.window;
		if (read <= 0) {
			return Optional.empty();
		}
		long taken = this.acceptedAt - this.startedAt;
		long atAveragePace = (long) (Math.min(MARKS_PER_WINDOW, (double) this.window / read) * taken);
		if (read < this.window) {
			return Optional.of(Duration.ofNanos(atAveragePace));
		}
		long lastWindow = this.acceptedAt - this.marks[index(read / this.step)];
		double windows = (double) this.bytes / this.window;
		long unread = (long) Math.min(windows * this.slowest - taken, (double) MOST_UNREAD_WINDOWS * this.slowest);
		return Optional.of(Duration.ofNanos(Math.max(atAveragePace, Math.max(lastWindow, unread))));
	}

	private int index(long mark) {
		return (int) (mark % this.marks.length);
	}

}
