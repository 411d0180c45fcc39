package io.github.http3spring.netty.request;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.netty.stack.PathTiming;
import io.github.http3spring.netty.stack.QuicStatistics;
import io.github.http3spring.netty.stack.QuicheAccess;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Knows how much quiche has taken of a connection's responses and not sent yet, and
 * bounds it. Confined to the event loop of the connection.
 * <p>
 * quiche takes what its congestion window has room for, but any amount while a probe is
 * due (RFC 9002 section 6.2.4), and new data in place of each packet that is lost. What
 * it takes is in memory that no limit of the virtual machine applies to. It does not tell
 * how much that is, so it is told here what it has taken, and asked now and then how much
 * it has sent for the first time. The headers of packets count as sent, so the result is
 * a little low, and never too high for a connection that goes well.
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

	private static final long CHECK_MILLIS = 10;

	private final QuicChannel channel;

	private final Duration maxIdleTimeout;

	private final long limit;

	private final long interval;

	private final MemoryBudget budget;

	private final MemoryBudget.Share share;

	private final Runnable resumption;

	private long taken;

	private long sent;

	private long unsent;

	private boolean full;

	private @Nullable Future<?> check;

	/**
	 * Begin with nothing.
	 * @param channel the connection
	 * @param maxIdleTimeout the idle timeout that we have announced, zero for none
	 * @param limit most bytes that quiche may hold unsent
	 * @param budget how much it may hold for all connections together; with more, each
	 * has to do with little
	 * @param resumption told when there is room again
	 */
	public UnsentData(QuicChannel channel, Duration maxIdleTimeout, long limit, MemoryBudget budget,
			Runnable resumption) {
		this.channel = channel;
		this.maxIdleTimeout = maxIdleTimeout;
		this.limit = limit;
		this.interval = Math.min(limit / LOOKS_PER_LIMIT, MAX_INTERVAL);
		this.budget = budget;
		this.share = budget.open(() -> {
			// Waits with the next piece
		});
		this.resumption = resumption;
	}

	/**
	 * Return whether quiche may be given more.
	 */
	boolean hasRoom() {
		return !this.full;
	}

	/**
	 * Note that quiche has taken something.
	 */
	void add(long bytes) {
		this.taken += bytes;
		if (this.taken > this.interval && !this.full) {
			look();
			follow();
		}
	}

	private void look() {
		QuicConnectionStats stats = QuicStatistics.of(this.channel);
		if (stats != null) {
			long sentNow = stats.sentBytes() - stats.streamRetransBytes();
			this.unsent = Math.max(0, this.unsent + this.taken - (sentNow - this.sent));
			this.taken = 0;
			this.sent = sentNow;
		}
	}

	/**
	 * Look again soon, as long as there is something worth it.
	 */
	private void follow() {
		boolean much = this.unsent > this.interval;
		this.share.hold(much ? this.unsent : 0);
		this.full = this.unsent > this.limit || (much && this.budget.isExceeded());
		if (much && this.check == null) {
			this.check = this.channel.eventLoop().schedule(this::check, CHECK_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	private void check() {
		this.check = null;
		look();
		if (this.unsent > this.interval && !isInFlight()) {
			// What a stream had not sent when it was reset is gone
			this.unsent = 0;
		}
		boolean before = this.full;
		follow();
		if (before && !this.full) {
			this.resumption.run();
		}
	}

	/**
	 * With nothing in flight, quiche would send what it holds.
	 */
	private boolean isInFlight() {
		return QuicheAccess.isInFlight(this.channel, PathTiming.maxProbeTimeout(this.channel, this.maxIdleTimeout));
	}

	/**
	 * Hold nothing any more, and look no more.
	 */
	public void cancel() {
		this.share.hold(0);
		if (this.check != null) {
			this.check.cancel(false);
		}
	}

}
