package io.github.http3spring.netty.path;

import io.github.http3spring.netty.stack.PathReading;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether a path has ceased to carry large packets without telling anybody (a
 * black hole, RFC 8899 section 4.3): nothing was acknowledged from one look to the next,
 * or, because small packets do arrive, most of what was sent since the look before is
 * lost. A path that carries nothing at all for that long looks the same.
 */
final class BlackHole {

	/**
	 * Bytes that every path has to carry (RFC 9000 section 14).
	 */
	static final int SMALLEST_MAXIMUM = 1200;

	private @Nullable PathReading last;

	private @Nullable PathReading lastButOne;

	/**
	 * Take note of a look at the path.
	 * @param now what is to be seen, some probe timeouts after the last look
	 * @return whether the path swallows what is larger than {@link #SMALLEST_MAXIMUM}
	 */
	boolean isFound(PathReading now) {
		PathReading before = this.last;
		PathReading beforeThat = this.lastButOne;
		if (!now.inFlight() || now.maxDatagramSize() <= SMALLEST_MAXIMUM) {
			this.last = null;
			this.lastButOne = null;
			return false;
		}
		this.last = now;
		this.lastButOne = before;
		boolean unanswered = before != null && before.roundTripTime() == now.roundTripTime();
		return unanswered || (beforeThat != null && isMostLost(beforeThat, now));
	}

	private static boolean isMostLost(PathReading from, PathReading to) {
		return to.lostBytes() - from.lostBytes() > (to.sentBytes() - from.sentBytes()) / 2;
	}

}
