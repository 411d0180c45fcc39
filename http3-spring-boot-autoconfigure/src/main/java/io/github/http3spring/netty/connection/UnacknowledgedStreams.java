package io.github.http3spring.netty.connection;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

import io.github.http3spring.netty.stack.QuicheStreams;
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

	private final QuicChannel channel;

	private long[] streamIds = {};

	private int size;

	private Set<Long> stopped = Set.of();

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

	/**
	 * Return how many responses are still on their way.
	 */
	int count() {
		removeFinished();
		return this.size;
	}

	/**
	 * Note that the rest of a request was asked not to be sent. Of such a stream quiche
	 * does not always tell the end.
	 */
	void addStopped(long streamId) {
		if (this.stopped.isEmpty()) {
			this.stopped = new HashSet<>();
		}
		this.stopped.add(streamId);
	}

	/**
	 * Return whether only streams remain of which quiche may not tell the end.
	 */
	boolean isUncertain() {
		removeFinished();
		for (int index = 0; index < this.size; index++) {
			if (!this.stopped.contains(this.streamIds[index])) {
				return false;
			}
		}
		return this.size > 0;
	}

	/**
	 * Give the responses up that are still on their way.
	 */
	void reset(int errorCode) {
		removeFinished();
		for (int index = 0; index < this.size; index++) {
			QuicheStreams.reset(this.channel, this.streamIds[index], errorCode);
		}
	}

	private void removeFinished() {
		if (!this.channel.isOpen()) {
			// quiche tells nothing any more: what was last seen is the truth
			return;
		}
		int kept = 0;
		for (int index = 0; index < this.size; index++) {
			long streamId = this.streamIds[index];
			if (!QuicheStreams.isFinished(this.channel, streamId)) {
				this.streamIds[kept++] = streamId;
			}
		}
		this.size = kept;
	}

}
