package io.github.http3spring.netty.connection;

import java.time.Duration;
import java.util.PrimitiveIterator;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

import io.github.http3spring.shutdown.RequestAccount;
import io.netty.incubator.codec.quic.QuicChannel;

/**
 * Frees what a connection holds that has been closed stream by stream, so that other
 * connections have turns in between. Confined to the event loop of the connection.
 * <p>
 * quiche frees each STREAM frame that waits by itself. Of a connection that holds a
 * megabyte in frames of a single byte, that takes tens of milliseconds.
 */
final class GradualRelease {

	/**
	 * Time after which others have their turn. One stream, which may hold as much as flow
	 * control lets it, is not divided.
	 */
	static final Duration MAX_TURN = Duration.ofNanos(500_000);

	/**
	 * The first unidirectional stream of a client (RFC 9000 section 2.1).
	 */
	private static final int UNIDIRECTIONAL = 2;

	/**
	 * How many requests to look for at the most before the next one, and behind it. What
	 * others hold is freed with the connection.
	 */
	private static final int MAX_REQUESTS = 1024;

	/**
	 * How many unidirectional streams to look for.
	 */
	private static final int MAX_UNIDIRECTIONAL = 64;

	private final QuicChannel channel;

	private final PrimitiveIterator.OfLong streamIds;

	private final PutOffWork putOff;

	private final LongConsumer discard;

	private final Runnable free;

	private final LongSupplier nanoTime;

	/**
	 * Prepare to free what a connection holds.
	 * @param channel the connection
	 * @param nextStreamId the identifier of the next request, as far as requests are
	 * known: others may have begun behind it whose beginning is missing
	 * @param maxRequests how many requests its client may have open
	 * @param putOff lets all connections have turns
	 * @param discard frees what was received on a stream, if there is one of that
	 * identifier
	 * @param free frees all the rest
	 * @param nanoTime tells the time
	 */
	GradualRelease(QuicChannel channel, long nextStreamId, long maxRequests, PutOffWork putOff, LongConsumer discard,
			Runnable free, LongSupplier nanoTime) {
		this.channel = channel;
		this.streamIds = streamIds(nextStreamId / RequestAccount.STREAM_ID_STEP, Math.min(maxRequests, MAX_REQUESTS))
			.iterator();
		this.putOff = putOff;
		this.discard = discard;
		this.free = free;
		this.nanoTime = nanoTime;
	}

	private static LongStream streamIds(long nextRequest, long maxRequests) {
		return LongStream.concat(
				LongStream.range(Math.max(0, nextRequest - maxRequests), nextRequest + maxRequests)
					.map((request) -> RequestAccount.STREAM_ID_STEP * request),
				LongStream.range(0, MAX_UNIDIRECTIONAL)
					.map((number) -> RequestAccount.STREAM_ID_STEP * number + UNIDIRECTIONAL));
	}

	/**
	 * Take the first turn now, and others later.
	 */
	void takeTurn() {
		long start = this.nanoTime.getAsLong();
		while (this.channel.isOpen() && this.streamIds.hasNext()) {
			if (this.nanoTime.getAsLong() - start >= MAX_TURN.toNanos()) {
				this.putOff.add(this::takeTurn, this.channel.eventLoop());
				return;
			}
			this.discard.accept(this.streamIds.nextLong());
		}
		this.free.run();
	}

}
