package io.github.http3spring.netty.connection;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import io.github.http3spring.netty.request.MemoryBudget;
import io.github.http3spring.netty.settings.ReceiveLimits;
import io.github.http3spring.netty.stack.QuicStatistics;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Knows how much has arrived on a connection that nobody was handed, and judges whether
 * that is too much. Confined to the event loop of the connection.
 * <p>
 * It waits for a handler that does not read, for a gap in its stream to be filled, or it
 * is no content of a stream at all: padding, PING, PATH_CHALLENGE, frames that only move
 * windows. quiche tells neither how much it keeps nor of what; it keeps each STREAM frame
 * as an object of its own, so that one with a single byte of content, which takes 6 bytes
 * or more on the wire, costs 190 in memory. Both are bounded by what is counted here, the
 * bytes on the wire: a client that sends small frames or other work reaches its limit
 * with fewer bytes of content than flow control lets it send.
 * <p>
 * What a stream discards that was reset or answered before its end counts too, since
 * nobody was handed it. So do packets that the client makes the server send and
 * acknowledges none of, even if all they do is acknowledge its own: quiche keeps each.
 */
final class UndeliveredData {

	/**
	 * Bytes that do not matter: what is in flight while this is looked at, and the
	 * handshake.
	 */
	static final long FREE = 64 * 1024;

	/**
	 * Bytes from which on a connection counts for the budget of all: small parts of
	 * content take many times as much memory, and there are many connections.
	 */
	private static final long COUNTED = 16 * 1024;

	/**
	 * What a packet counts that the client makes the server send and does not
	 * acknowledge. quiche keeps it with all that it acknowledges, up to 68 ranges: 2.5 KB
	 * at the worst, as measured. A client that keeps to the rules acknowledges one of 24
	 * at least, which quiche asks for.
	 */
	static final int UNACKNOWLEDGED_PACKET = 1024;

	/**
	 * What packets with content need for themselves, and what is sent again although it
	 * has arrived, as a part of the content.
	 */
	private static final int CONTENT_PER_OVERHEAD = 8;

	private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

	private final QuicChannel channel;

	private final ReceiveLimits limits;

	private final LongSupplier nanoTime;

	private final Consumer<Judgement> owner;

	private final MemoryBudget budget;

	private final MemoryBudget.Share share;

	private final LongSupplier delivered;

	private final Acknowledgements acknowledgements = new Acknowledgements();

	private long allowance;

	private long waiting;

	private long held;

	private long heldSince;

	/**
	 * What was known when it was last looked at.
	 */
	private long seenDelivered;

	private long seenBytes;

	private boolean ended;

	private @Nullable Future<?> check;

	/**
	 * Begin with a connection on which nothing has arrived.
	 * @param channel the connection
	 * @param limits how much may wait
	 * @param budget how much may wait on all connections together
	 * @param delivered tells how many bytes handlers were handed
	 * @param nanoTime tells the time
	 * @param owner told of what is too much
	 */
	UndeliveredData(QuicChannel channel, ReceiveLimits limits, MemoryBudget budget, LongSupplier delivered,
			LongSupplier nanoTime, Consumer<Judgement> owner) {
		this.channel = channel;
		this.limits = limits;
		this.budget = budget;
		this.delivered = delivered;
		this.nanoTime = nanoTime;
		this.owner = owner;
		// After the next look at the socket: to close a connection takes some
		// milliseconds
		this.share = budget.open(() -> channel.eventLoop().schedule(this::relieve, 0, TimeUnit.NANOSECONDS));
	}

	/**
	 * Return whether so much has arrived on a connection, or was sent because of it, that
	 * it is worth an object.
	 */
	static boolean mayMatter(QuicChannel channel) {
		QuicConnectionStats now = QuicStatistics.of(channel);
		return now != null
				&& (now.recvBytes() > COUNTED || Math.min(now.recv(), now.sent()) * UNACKNOWLEDGED_PACKET > COUNTED);
	}

	/**
	 * Note that a request has ended whose client may go on sending for a while.
	 */
	void requestNotReceived() {
		this.allowance += this.limits.initialMaxStreamData();
	}

	/**
	 * Look at what has arrived, and judge.
	 */
	void look() {
		QuicConnectionStats now = this.ended ? null : QuicStatistics.of(this.channel);
		if (now == null) {
			return;
		}
		count(now);
		hold();
		if (this.held > permitted()) {
			this.owner.accept(Judgement.EXCESSIVE);
			return;
		}
		if (this.held > this.limits.maximum() / 2) {
			this.owner.accept(Judgement.MUCH);
		}
		this.budget.relieve();
		follow();
	}

	/**
	 * Add what has arrived since the last time.
	 */
	private void count(QuicConnectionStats now) {
		long bytes = now.recvBytes() - this.seenBytes;
		long deliveredNow = this.delivered.getAsLong();
		long content = deliveredNow - this.seenDelivered;
		this.acknowledgements.look(now, QuicStatistics.activePath(this.channel, now));
		long undelivered = bytes - content - content / CONTENT_PER_OVERHEAD - this.acknowledgements.bytes();
		this.seenBytes = now.recvBytes();
		this.seenDelivered = deliveredNow;
		boolean before = isWorthMentioning();
		this.waiting = Math.max(0, this.waiting + undelivered);
		this.held = this.waiting + UNACKNOWLEDGED_PACKET * this.acknowledgements.unacknowledged();
		if (!before) {
			this.heldSince = this.nanoTime.getAsLong();
		}
	}

	private void hold() {
		this.share.hold((this.held > COUNTED) ? this.held : 0);
	}

	/**
	 * Return whether more waits than what is in flight anyway, as of the last look.
	 */
	boolean isWorthMentioning() {
		return this.held > FREE;
	}

	/**
	 * Return how much may wait. A client has no more credit than its initial window, or a
	 * few times what was read (quiche doubles windows that are used up fast): with more
	 * than that it sends something else than content.
	 */
	private long permitted() {
		long credit = 2 * this.limits.initialMaxData() + 4 * this.delivered.getAsLong() + this.allowance;
		return Math.min(this.limits.maximum(), FREE + credit);
	}

	/**
	 * Look again after a while, as long as something waits: nothing may arrive any more.
	 */
	private void follow() {
		if (this.held > COUNTED && this.check == null && !this.ended) {
			this.check = this.channel.eventLoop()
				.schedule(this::check, CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
		}
	}

	private void check() {
		this.check = null;
		look();
		Duration lingering = this.limits.maxLingering();
		if (isWorthMentioning() && lingering != null
				&& this.nanoTime.getAsLong() - this.heldSince > lingering.toNanos()) {
			this.owner.accept(Judgement.LINGERING);
		}
	}

	/**
	 * Give up what waits if all connections together hold too much, and this one still
	 * holds most.
	 */
	private void relieve() {
		if (this.ended) {
			return;
		}
		QuicConnectionStats now = QuicStatistics.of(this.channel);
		if (now != null) {
			count(now);
			hold();
		}
		if (this.budget.isExceeded() && this.share.isLargest()) {
			this.owner.accept(Judgement.BUDGET_EXCEEDED);
		}
		else {
			this.budget.relieve();
		}
	}

	/**
	 * Hold nothing any more, and look no more. At the latest when the connection is
	 * closed, and before others are asked to hold less.
	 */
	void cancel() {
		this.ended = true;
		this.share.hold(0);
		if (this.check != null) {
			this.check.cancel(false);
		}
	}

	/**
	 * What is too much.
	 */
	enum Judgement {

		/**
		 * Half of what may wait. Not all of it may be in memory.
		 */
		MUCH,

		/**
		 * Something has been waiting for long.
		 */
		LINGERING,

		/**
		 * More than the client may let wait.
		 */
		EXCESSIVE,

		/**
		 * All connections together hold more than they may, and no other one as much.
		 */
		BUDGET_EXCEEDED

	}

}
