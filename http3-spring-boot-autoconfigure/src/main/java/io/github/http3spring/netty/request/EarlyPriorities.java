package io.github.http3spring.netty.request;

import io.github.http3spring.netty.protocol.Priority;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import org.jspecify.annotations.Nullable;

/**
 * Priorities of requests that have not arrived (RFC 9218 section 7): as many as a client
 * may open, which is what bounds them. Confined to the event loop of the connection.
 */
final class EarlyPriorities {

	/**
	 * Identifiers of request streams are multiples of it (RFC 9000 section 2.1).
	 */
	private static final int STEP = 4;

	private final long maxRequests;

	private final LongObjectMap<Priority> priorities = new LongObjectHashMap<>();

	/**
	 * Begin with none.
	 * @param maxRequests the number of requests that a client may have open
	 */
	EarlyPriorities(long maxRequests) {
		this.maxRequests = maxRequests;
	}

	/**
	 * Keep a priority if its request is still to come.
	 * @param streamId the identifier of any stream
	 * @param next the identifier after the highest one that has arrived
	 * @return what is wrong with the identifier, {@code null} if nothing is
	 */
	@Nullable Http3ErrorCode keep(long streamId, Priority priority, long next) {
		if (streamId % STEP != 0 || (streamId - next) / STEP >= this.maxRequests) {
			// No request, or one that cannot be opened (RFC 9218 section 7.2)
			return Http3ErrorCode.H3_ID_ERROR;
		}
		if (streamId >= next) {
			this.priorities.put(streamId, priority);
		}
		return null;
	}

	/**
	 * Take what is known of a request that has arrived.
	 * @return its priority, {@code null} if nothing was said
	 */
	@Nullable Priority take(long streamId) {
		return this.priorities.remove(streamId);
	}

}
