package io.github.http3spring.netty.stack;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;

import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import org.jspecify.annotations.Nullable;

/**
 * Reaches the timers of quiche, and that of the codec which notices when one of them
 * fires. All methods are called on the event loop of the channel.
 */
public final class QuicheTimers {

	private static final @Nullable QuicheMembers MEMBERS = QuicheMembers.FOUND;

	/**
	 * Time until a timer that does not run.
	 */
	static final Duration NEVER = Duration.ofNanos(Long.MAX_VALUE);

	private QuicheTimers() {
	}

	/**
	 * Return whether something that was sent may not have been acknowledged. quiche has a
	 * timer then that fires after a probe timeout (RFC 9002 section 6.2), and otherwise
	 * none but that of the idle timeout.
	 * @param channel the connection
	 * @param probeTimeout a time longer than any probe timeout of a peer that answers,
	 * and shorter than the idle timeout
	 * @return {@code false} only if nothing is in flight
	 */
	public static boolean isInFlight(QuicChannel channel, Duration probeTimeout) {
		return MEMBERS == null || !channel.isActive() || timeout(channel).compareTo(probeTimeout) <= 0;
	}

	/**
	 * Return the time until quiche's next timer.
	 * @param channel the connection
	 * @return the time that is left, very long without a timer
	 */
	static Duration timeout(QuicChannel channel) {
		if (MEMBERS == null || !channel.isOpen()) {
			return NEVER;
		}
		try {
			long nanos = (long) MEMBERS.timeoutNanos().invokeExact((long) MEMBERS.address().invokeExact(channel));
			// An unsigned number: the largest one stands for no timer at all
			return (nanos < 0) ? NEVER : Duration.ofNanos(nanos);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the time until quiche's next timer, and keep the codec from noticing it, so
	 * that the caller does: see {@link #isProbeDue}.
	 * @param channel the connection
	 * @return the time that is left, very long without a timer
	 */
	public static Duration takeTimeout(QuicChannel channel) {
		cancelTimeout(channel);
		return timeout(channel);
	}

	static void cancelTimeout(QuicChannel channel) {
		if (MEMBERS == null || !channel.isOpen()) {
			return;
		}
		try {
			MEMBERS.cancelTimeout().invokeExact(channel);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the timer of the codec.
	 * @param channel the connection
	 * @return the timer, {@code null} if none is running
	 */
	static @Nullable ScheduledFuture<?> timer(QuicChannel channel) {
		if (MEMBERS == null) {
			return null;
		}
		try {
			return (ScheduledFuture<?>) MEMBERS.timer().invokeExact(channel);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Let the codec take another timer for the one that is running.
	 * @param channel the connection
	 * @param timer the other one
	 */
	static void setTimer(QuicChannel channel, ScheduledFuture<?> timer) {
		if (MEMBERS == null) {
			return;
		}
		try {
			MEMBERS.setTimer().invokeExact(channel, timer);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Let quiche act on the timer that has fired, and return whether the next packet is a
	 * probe, for which the congestion window need not have room (RFC 9002 section 7.5).
	 * The timer may also have declared packets lost.
	 * @param channel the connection
	 * @return whether it is time for a probe
	 */
	public static boolean isProbeDue(QuicChannel channel) {
		if (MEMBERS == null || !channel.isOpen()) {
			return false;
		}
		QuicConnectionStats before = QuicStatistics.of(channel);
		try {
			MEMBERS.onTimeout().invokeExact((long) MEMBERS.address().invokeExact(channel));
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
		QuicConnectionStats after = QuicStatistics.of(channel);
		return before != null && after != null && before.lost() == after.lost();
	}

}
