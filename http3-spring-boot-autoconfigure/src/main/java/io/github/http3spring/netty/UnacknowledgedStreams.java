package io.github.http3spring.netty;

import java.time.Duration;
import java.util.Arrays;

import io.netty.incubator.codec.quic.QuicChannel;

/**
 * Request streams whose responses were sent and may not have been acknowledged by the
 * peer. A finished stream is no acknowledged response: quiche has only buffered it, and a
 * close now would cut it off. Confined to the event loop of the connection.
 * <p>
 * Costs one look at the native connection per request: streams that are done are dropped
 * whenever the array is full, and the array doubles if that did not help.
 */
final class UnacknowledgedStreams {

	private static final int INITIAL_CAPACITY = 8;

	private static final Duration MIN_CHECK_INTERVAL = Duration.ofMillis(1);

	private static final Duration MAX_CHECK_INTERVAL = Duration.ofMillis(20);

	private final QuicChannel channel;

	private long[] streamIds = {};

	private int size;

	UnacknowledgedStreams(QuicChannel channel) {
		this.channel = channel;
	}

	void add(long streamId) {
		if (this.size == this.streamIds.length) {
			removeFinished();
			if (this.size >= this.streamIds.length / 2) {
				this.streamIds = Arrays.copyOf(this.streamIds, Math.max(INITIAL_CAPACITY, this.streamIds.length * 2));
			}
		}
		this.streamIds[this.size++] = streamId;
	}

	boolean isEmpty() {
		removeFinished();
		return this.size == 0;
	}

	/**
	 * Return how long to wait between two looks: short against a round trip, long against
	 * the cost of a look.
	 */
	Duration checkInterval() {
		Duration interval = PathTiming.roundTripTime(this.channel).dividedBy(8);
		if (interval.compareTo(MIN_CHECK_INTERVAL) < 0) {
			return MIN_CHECK_INTERVAL;
		}
		return (interval.compareTo(MAX_CHECK_INTERVAL) > 0) ? MAX_CHECK_INTERVAL : interval;
	}

	private void removeFinished() {
		int kept = 0;
		for (int index = 0; index < this.size; index++) {
			long streamId = this.streamIds[index];
			if (!QuicheAccess.isFinished(this.channel, streamId)) {
				this.streamIds[kept++] = streamId;
			}
		}
		this.size = kept;
	}

}
