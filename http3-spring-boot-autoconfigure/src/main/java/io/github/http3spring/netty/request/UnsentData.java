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

	private static final long CHECK_MILLIS = 10;

	private final QuicChannel channel;

	private final Duration maxIdleTimeout;

	private final long limit;

	private final Runnable resumption;

	private long taken;

	private long sent;

	private long unsent;

	private @Nullable Future<?> check;

	/**
	 * Begin with nothing.
	 * @param channel the connection
	 * @param maxIdleTimeout the idle timeout that we have announced, zero for none
	 * @param limit most bytes that quiche may hold unsent
	 * @param resumption told when there is room again
	 */
	public UnsentData(QuicChannel channel, Duration maxIdleTimeout, long limit, Runnable resumption) {
		this.channel = channel;
		this.maxIdleTimeout = maxIdleTimeout;
		this.limit = limit;
		this.resumption = resumption;
	}

	/**
	 * Return whether quiche may be given more.
	 */
	boolean hasRoom() {
		return this.check == null;
	}

	/**
	 * Note that quiche has taken something.
	 */
	void add(long bytes) {
		this.taken += bytes;
		if (this.taken > this.limit / LOOKS_PER_LIMIT && this.check == null) {
			look();
			if (this.unsent > this.limit) {
				scheduleCheck();
			}
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

	private void scheduleCheck() {
		this.check = this.channel.eventLoop().schedule(this::check, CHECK_MILLIS, TimeUnit.MILLISECONDS);
	}

	private void check() {
		look();
		if (this.unsent > this.limit && isInFlight()) {
			scheduleCheck();
			return;
		}
		if (this.unsent > this.limit) {
			// What a stream had not sent when it was reset is gone
			this.unsent = 0;
		}
		this.check = null;
		this.resumption.run();
	}

	/**
	 * With nothing in flight, quiche would send what it holds.
	 */
	private boolean isInFlight() {
		return QuicheAccess.isInFlight(this.channel, PathTiming.maxProbeTimeout(this.channel, this.maxIdleTimeout));
	}

	/**
	 * Look no more.
	 */
	public void cancel() {
		if (this.check != null) {
			this.check.cancel(false);
		}
	}

}
