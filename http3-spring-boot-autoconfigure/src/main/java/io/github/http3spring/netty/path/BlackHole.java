package io.github.http3spring.netty.path;

import io.github.http3spring.netty.stack.PathReading;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether a path has ceased to carry large packets without telling anybody (a
 * black hole, RFC 8899 section 4.3): nothing was acknowledged from one look to the next,
 * or, because small packets do arrive, it is the large ones that are lost. A path that
 * carries nothing at all for that long looks the same.
 */
final class BlackHole {

	/**
	 * Bytes that every path has to carry (RFC 9000 section 14).
	 */
	static final int SMALLEST_MAXIMUM = 1200;

	/**
	 * About as many bytes as an acknowledgement takes, which cannot be lost: nobody
	 * acknowledges it.
	 */
	private static final int ACKNOWLEDGEMENT = 64;

	/**
	 * What has arrived is at most so many times what is lost. The large packets keep the
	 * congestion window that small.
	 */
	private static final int ARRIVED_TO_LOST = 3;

	private @Nullable PathReading last;

	private boolean losing;

	/**
	 * Take note of a look at the path.
	 * @param now what is to be seen, some probe timeouts after the last look
	 * @return whether the path swallows what is larger than {@link #SMALLEST_MAXIMUM}
	 */
	boolean isFound(PathReading now) {
		PathReading before = this.last;
		if (!now.inFlight() || now.maxDatagramSize() <= SMALLEST_MAXIMUM) {
			this.last = null;
			this.losing = false;
			return false;
		}
		this.last = now;
		if (before == null) {
			return false;
		}
		// A window that has grown too large loses much as well, but not for that long
		boolean losingStill = this.losing;
		this.losing = isLosingLarge(before, now);
		return isUnanswered(before, now) || (losingStill && this.losing);
	}

	/**
	 * Only small packets without an answer are a client that has vanished.
	 */
	private static boolean isUnanswered(PathReading from, PathReading to) {
		return from.roundTripTime() == to.roundTripTime() && to.sentBytes() - from.sentBytes() > SMALLEST_MAXIMUM;
	}

	private static boolean isLosingLarge(PathReading from, PathReading to) {
		long lost = to.lost() - from.lost();
		long lostBytes = to.lostBytes() - from.lostBytes();
		long arrivedBytes = to.sentBytes() - from.sentBytes() - lostBytes;
		// Of what seems to have arrived, acknowledgements are most during an upload
		long acknowledgements = (to.sent() - from.sent() - lost) * ACKNOWLEDGEMENT;
		return lostBytes > lost * SMALLEST_MAXIMUM && arrivedBytes - acknowledgements <= lostBytes * ARRIVED_TO_LOST;
	}

}
