package io.github.http3spring.netty.connection;

import java.time.Duration;

import io.netty.incubator.codec.quic.QuicConnectionPathStats;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import org.jspecify.annotations.Nullable;

/**
 * Infers from what quiche counts how much of what has arrived may have been
 * acknowledgements, and how many packets of the client were answered without any of the
 * answers being acknowledged. Confined to the event loop of the connection.
 */
final class Acknowledgements {

	/**
	 * Headers and authentication of a packet, or all of one with an acknowledgement.
	 */
	private static final int PACKET_OVERHEAD = 64;

	/**
	 * What each gap takes in an acknowledgement: a gap and a range (RFC 9000 section
	 * 19.3.1).
	 */
	private static final int RANGE = 4;

	/**
	 * Ranges in an acknowledgement. Chromium lists 255, others less.
	 */
	private static final int MAX_RANGES = 256;

	/**
	 * Round-trip times are shorter. A longer one is that of a client which acknowledges
	 * old packets, so that the newer ones are kept.
	 */
	static final Duration MAX_ROUND_TRIP_TIME = Duration.ofSeconds(5);

	/**
	 * What was known when it was last looked at.
	 */
	private long seenPackets;

	private long seenSent;

	private long seenSentBytes;

	private long seenRoundTripTime;

	private long seenLost;

	/**
	 * How much had been lost at the look before.
	 */
	private long lostBefore;

	private long bytes;

	private long unacknowledged;

	/**
	 * Look at what has happened since the last time.
	 * @param now what quiche has counted
	 * @param path the same of the path in use, {@code null} if it is not known
	 */
	void look(QuicConnectionStats now, @Nullable QuicConnectionPathStats path) {
		// Each acknowledgement changes it
		long roundTripTime = (path != null) ? path.rtt() : 0;
		boolean acknowledged = path == null
				|| (roundTripTime != this.seenRoundTripTime && roundTripTime < MAX_ROUND_TRIP_TIME.toNanos());
		long received = now.recv() - this.seenPackets;
		long sent = now.sent() - this.seenSent;
		this.bytes = acknowledged ? possible(now, received, sent) : 0;
		this.unacknowledged = acknowledged ? 0 : this.unacknowledged + Math.min(received, sent);
		this.seenRoundTripTime = roundTripTime;
		this.seenPackets = now.recv();
		this.seenSent = now.sent();
		this.seenSentBytes = now.sentBytes();
		this.lostBefore = this.seenLost;
		this.seenLost = now.lost();
	}

	/**
	 * Only what was sent makes a client acknowledge, and no more than that was; the more
	 * was lost in the last round trips, the more gaps each of them lists.
	 */
	private long possible(QuicConnectionStats now, long received, long sent) {
		long packets = Math.min(received, 2 * sent);
		long gaps = Math.min(now.lost() - this.lostBefore, MAX_RANGES);
		return Math.min(packets * (PACKET_OVERHEAD + RANGE * gaps), now.sentBytes() - this.seenSentBytes);
	}

	/**
	 * Return how many of the bytes that arrived from one look to the next may have been
	 * acknowledgements.
	 */
	long bytes() {
		return this.bytes;
	}

	/**
	 * Return how many packets the client may have made the server send since it has
	 * acknowledged anything: one for each of its own. What is sent without them is in
	 * flight, also to a client that is out of reach for a while.
	 */
	long unacknowledged() {
		return this.unacknowledged;
	}

}
