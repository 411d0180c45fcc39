package io.github.http3spring.netty.request;

import java.time.Duration;

/**
 * Estimates how many bytes of a connection were sent and not acknowledged (RFC 9002
 * section 2), and knows how long the client has acknowledged nothing. Confined to the
 * event loop of the connection.
 * <p>
 * quiche tells how large the congestion window is and, of a stream that has credit, how
 * much of it is free. Where it does not, the window stands for what is in it, or all that
 * was sent since nothing was in flight if that is less. As long as nothing is
 * acknowledged, all that is sent comes on top: while a probe is due quiche sends without
 * regard to the window.
 */
final class BytesInFlight {

	private long left;

	private long leftBefore;

	private long count;

	private long roundTripTime;

	private boolean answered = true;

	private long answeredAt;

	/**
	 * Take note of what is to be seen.
	 * @param left bytes that were sent so far, less those that were declared lost
	 * @param window the size of the congestion window
	 * @param room how much of it seems to be free, anything else than a part of it if
	 * that is not known
	 * @param roundTripTime the smoothed round-trip time, which changes with each
	 * acknowledgement
	 * @param now the time in nanoseconds
	 */
	void look(long left, long window, long room, long roundTripTime, long now) {
		long used = (room >= 0 && room <= window) ? window - room : window;
		long inWindow = Math.max(0, Math.min(used, left - this.leftBefore));
		this.answered = this.count == 0 || roundTripTime != this.roundTripTime;
		if (this.answered) {
			this.roundTripTime = roundTripTime;
			this.answeredAt = now;
			this.count = inWindow;
		}
		else {
			this.count = Math.max(inWindow, this.count + left - this.left);
		}
		this.left = left;
	}

	/**
	 * Take note that everything that had been sent at the last look is acknowledged.
	 */
	void noneLeft() {
		this.leftBefore = this.left;
		this.count = 0;
	}

	/**
	 * Return how many bytes there are.
	 */
	long count() {
		return this.count;
	}

	/**
	 * Return whether something was acknowledged from one look to the next, without which
	 * not everything can be.
	 */
	boolean isAnswered() {
		return this.answered;
	}

	/**
	 * Return whether there is something of which nothing was acknowledged for some time.
	 * @param time the time
	 * @param now the time in nanoseconds
	 */
	boolean isUnanswered(Duration time, long now) {
		return this.count > 0 && now - this.answeredAt > time.toNanos();
	}

}
