package io.github.http3spring.netty.request;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.github.http3spring.netty.stack.PathTiming;
import io.github.http3spring.netty.stack.QuicStatistics;
import io.github.http3spring.netty.stack.QuicheStreams;
import io.github.http3spring.netty.stack.QuicheTimers;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionPathStats;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import io.netty.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * Knows how much quiche holds of a connection's responses, because it has not sent it or
 * because the client has not acknowledged it, and bounds both. Confined to the event loop
 * of the connection.
 * <p>
 * quiche takes what its congestion window has room for, but any amount while a probe is
 * due (RFC 9002 section 6.2.4), and new data in place of each packet that is lost. What
 * it takes is in memory that no limit of the virtual machine applies to. It does not tell
 * how much that is, so it is told here what it has taken, and asked now and then how much
 * it has sent for the first time. The headers of packets count as sent, so the result is
 * a little low, and never too high for a connection that goes well.
 * <p>
 * What is in flight is bounded by the congestion window, which is as large as the client
 * has made it. All connections together may hold only so much. Above that no connection
 * gets ahead, and those are given up of which nothing is acknowledged any more.
 */
public final class UnsentData {

	/**
	 * How often to look: not for each packet.
	 */
	private static final int LOOKS_PER_LIMIT = 4;

	/**
	 * Most bytes from one look to the next. So much each connection may have whatever
	 * others do.
	 */
	private static final long MAX_INTERVAL = 256 * 1024;

	/**
	 * Time until the next look while something waits for room.
	 */
	private static final long CHECK_MILLIS = 10;

	/**
	 * The same while there is much in flight and nothing waits.
	 */
	private static final long CALM_CHECK_MILLIS = 1000;

	/**
	 * Time without any acknowledgement after which a client seems to have gone: longer
	 * than it takes to change from one network to another.
	 */
	static final Duration MIN_PATIENCE = Duration.ofSeconds(5);

	private static final int PROBE_TIMEOUTS = 3;

	/**
	 * Bytes in a piece of a response if no other piece waits for the transport.
	 */
	static final int MAX_PIECE = 64 * 1024;

	/**
	 * The same if many others do: some packets.
	 */
	private static final int MIN_PIECE = 4 * 1024;

	private final QuicChannel channel;

	private final Duration maxIdleTimeout;

	private final long limit;

	private final long interval;

	private final MemoryBudget budget;

	private final MemoryBudget.Share share;

	private final LongSupplier nanoTime;

	private final Owner owner;

	private final BytesInFlight inFlight = new BytesInFlight();

	private int pieces;

	private long streamId;

	private long taken;

	private long sent;

	private long unsent;

	private boolean full;

	private boolean ended;

	private @Nullable ScheduledFuture<?> check;

	/**
	 * Begin with nothing.
	 * @param channel the connection
	 * @param maxIdleTimeout the idle timeout that we have announced, zero for none
	 * @param limit most bytes that quiche may hold unsent
	 * @param budget how much it may hold for all connections together, unsent or not
	 * acknowledged; with more, each has to do with little
	 * @param nanoTime tells the time
	 * @param owner the connection
	 */
	public UnsentData(QuicChannel channel, Duration maxIdleTimeout, long limit, MemoryBudget budget,
			LongSupplier nanoTime, Owner owner) {
		this.channel = channel;
		this.maxIdleTimeout = maxIdleTimeout;
		this.limit = limit;
		this.interval = Math.min(limit / LOOKS_PER_LIMIT, MAX_INTERVAL);
		this.budget = budget;
		this.share = budget.open(() -> channel.eventLoop().execute(this::relieve));
		this.share.spare(true);
		this.nanoTime = nanoTime;
		this.owner = owner;
	}

	/**
	 * Return whether quiche may be given more.
	 */
	boolean hasRoom() {
		return !this.full;
	}

	/**
	 * Return how long the next piece may be that is handed to the transport: the more of
	 * them wait there, the shorter, as quiche takes all of them at once while a probe is
	 * due.
	 */
	int pieceLength() {
		return Math.max(MIN_PIECE, MAX_PIECE / (this.pieces + 1));
	}

	/**
	 * Note that a piece was handed to the transport.
	 */
	void pieceBegun() {
		this.pieces++;
	}

	/**
	 * Note that a piece was taken, or is not to be taken any more.
	 */
	void pieceEnded() {
		this.pieces--;
	}

	/**
	 * Note that quiche has taken something.
	 * @param streamId the identifier of the stream
	 * @param bytes how much
	 */
	void add(long streamId, long bytes) {
		this.taken += bytes;
		if (this.taken > this.interval && !this.full) {
			this.streamId = streamId;
			look();
			follow();
		}
	}

	private void look() {
		QuicConnectionStats stats = QuicStatistics.of(this.channel);
		if (stats == null) {
			return;
		}
		long sentNow = stats.sentBytes() - stats.streamRetransBytes();
		this.unsent = Math.max(0, this.unsent + this.taken - (sentNow - this.sent));
		this.taken = 0;
		this.sent = sentNow;
		QuicConnectionPathStats path = QuicStatistics.activePath(this.channel, stats);
		if (path != null) {
			long left = stats.sentBytes() - stats.lostBytes();
			this.inFlight.look(left, path.cwnd(), room(), path.rtt(), this.nanoTime.getAsLong());
		}
	}

	/**
	 * Return how much of the congestion window is free, as far as the stream tells that
	 * was written to last: it may have ended, or have little credit.
	 */
	private long room() {
		return this.channel.isActive() ? QuicheStreams.capacity(this.channel, this.streamId) : -1;
	}

	/**
	 * Count what is held for all connections together, if it is worth it.
	 * @return whether it is
	 */
	private boolean hold() {
		long held = this.unsent + this.inFlight.count();
		boolean much = held > this.interval;
		this.share.hold(much ? held : 0);
		return much;
	}

	/**
	 * Look again, as long as there is something worth it.
	 */
	private void follow() {
		boolean much = hold();
		this.full = this.unsent > this.limit || (much && this.budget.isExceeded());
		if (this.full || this.unsent > this.interval) {
			checkWithin(CHECK_MILLIS);
		}
		else if (much) {
			checkWithin(CALM_CHECK_MILLIS);
		}
	}

	private void checkWithin(long millis) {
		if (this.check != null && this.check.getDelay(TimeUnit.MILLISECONDS) <= millis) {
			return;
		}
		cancelCheck();
		this.check = this.channel.eventLoop().schedule(this::check, millis, TimeUnit.MILLISECONDS);
	}

	private void check() {
		this.check = null;
		boolean unanswered = reconsider();
		boolean before = this.full;
		follow();
		if (before && !this.full) {
			this.owner.mayWrite();
		}
		if (unanswered) {
			this.budget.relieve();
		}
	}

	/**
	 * Look again.
	 * @return whether much waits for a client that seems to have gone
	 */
	private boolean reconsider() {
		look();
		if (this.inFlight.isAnswered() && !isInFlight()) {
			// What a stream had not sent when it was reset is gone
			this.unsent = 0;
			this.inFlight.noneLeft();
		}
		boolean unanswered = isUnanswered();
		this.share.spare(!unanswered);
		return unanswered;
	}

	private boolean isUnanswered() {
		long now = this.nanoTime.getAsLong();
		return this.inFlight.isUnanswered(MIN_PATIENCE, now)
				&& this.inFlight.isUnanswered(PathTiming.probeTimeout(this.channel).multipliedBy(PROBE_TIMEOUTS), now);
	}

	/**
	 * Give the connection up if all together hold too much, and of those whose client
	 * seems to have gone no other one holds more.
	 */
	private void relieve() {
		if (this.ended) {
			return;
		}
		boolean unanswered = reconsider();
		hold();
		if (this.budget.isExceeded() && unanswered && this.share.isLargest()) {
			this.owner.neverAcknowledged();
		}
		else {
			this.budget.relieve();
		}
	}

	/**
	 * With nothing in flight, quiche would send what it holds. Of a client that does not
	 * answer this tells nothing: probe timeouts get ever longer.
	 */
	private boolean isInFlight() {
		return QuicheTimers.isInFlight(this.channel, PathTiming.maxProbeTimeout(this.channel, this.maxIdleTimeout));
	}

	/**
	 * Hold nothing any more, and look no more.
	 */
	public void cancel() {
		this.ended = true;
		this.share.hold(0);
		cancelCheck();
	}

	private void cancelCheck() {
		if (this.check != null) {
			this.check.cancel(false);
		}
	}

	/**
	 * The connection.
	 */
	public interface Owner {

		/**
		 * Note that there is room again.
		 */
		void mayWrite();

		/**
		 * Note that nothing of what the connection holds is acknowledged any more, and
		 * that all connections together hold too much.
		 */
		void neverAcknowledged();

	}

}
