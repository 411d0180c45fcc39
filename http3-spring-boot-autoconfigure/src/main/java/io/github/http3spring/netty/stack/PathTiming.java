package io.github.http3spring.netty.stack;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.shutdown.PeerActivity;
import io.github.http3spring.shutdown.RoundTripTime;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionPathStats;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import io.netty.incubator.codec.quic.QuicTransportParameters;
import org.jspecify.annotations.Nullable;

/**
 * Measures the active path of a connection, of which {@link RoundTripTime} derives times.
 * Called on the event loop of the connection, where statistics are there at once.
 */
public final class PathTiming {

	/**
	 * Longest time that can be counted in nanoseconds. The longest idle timeout that a
	 * client can announce is longer.
	 */
	private static final long MAX_MILLIS = TimeUnit.NANOSECONDS.toMillis(Long.MAX_VALUE);

	private PathTiming() {
	}

	public static RoundTripTime roundTripTime(QuicChannel channel) {
		QuicConnectionStats stats = QuicStatistics.of(channel);
		Duration measured = (stats != null) ? measuredRoundTripTime(channel, stats) : null;
		return (measured != null) ? new RoundTripTime(measured) : RoundTripTime.INITIAL;
	}

	public static @Nullable Duration measuredRoundTripTime(QuicChannel channel, QuicConnectionStats stats) {
		QuicConnectionPathStats path = QuicStatistics.activePath(channel, stats);
		return (path != null && path.rtt() > 0) ? Duration.ofNanos(path.rtt()) : null;
	}

	/**
	 * Return what has gone to the client and come from it so far.
	 */
	public static PeerActivity activity(QuicChannel channel) {
		QuicConnectionStats stats = QuicStatistics.of(channel);
		Duration probeTimeout = probeTimeout(channel);
		return (stats != null) ? new PeerActivity(stats.sent(), stats.recv(), probeTimeout, nextTimer(channel))
				: new PeerActivity(0, 0, probeTimeout, Duration.ZERO);
	}

	/**
	 * Return the probe timeout (RFC 9002 section 6.2.1).
	 */
	public static Duration probeTimeout(QuicChannel channel) {
		RoundTripTime roundTripTime = roundTripTime(channel);
		QuicTransportParameters parameters = channel.peerTransportParameters();
		return (parameters != null) ? roundTripTime.probeTimeout(Duration.ofMillis(parameters.maxAckDelay()))
				: roundTripTime.probeTimeout();
	}

	private static Duration nextTimer(QuicChannel channel) {
		Duration timeout = QuicheTimers.timeout(channel);
		return (timeout != QuicheTimers.NEVER) ? timeout : Duration.ZERO;
	}

	/**
	 * Return the size of the congestion window.
	 * @return the number of bytes, 0 if the connection has ended
	 */
	public static long congestionWindow(QuicChannel channel) {
		QuicConnectionStats stats = QuicStatistics.of(channel);
		QuicConnectionPathStats path = (stats != null) ? QuicStatistics.activePath(channel, stats) : null;
		return (path != null) ? path.cwnd() : 0;
	}

	public static Duration goAwayDelay(QuicChannel channel) {
		return roundTripTime(channel).goAwayDelay();
	}

	public static Duration closingPeriod(QuicChannel channel) {
		return roundTripTime(channel).closingPeriod();
	}

	public static Duration headersTime(QuicChannel channel) {
		return roundTripTime(channel).headersTime();
	}

	/**
	 * Return a time that tells the timers of quiche apart: longer than any probe timeout
	 * of a peer that answers, and shorter than the idle timeout.
	 * @param maxIdleTimeout the idle timeout that we have announced, zero for none
	 */
	public static Duration maxProbeTimeout(QuicChannel channel, Duration maxIdleTimeout) {
		RoundTripTime roundTripTime = roundTripTime(channel);
		return idleTimeout(channel, maxIdleTimeout).map(roundTripTime::maxProbeTimeout)
			.orElseGet(roundTripTime::maxProbeTimeout);
	}

	/**
	 * Return the idle timeout of a connection: the smaller one of ours and the client's
	 * (RFC 9000 section 10.1).
	 * @param ours the one that we have announced, zero for none
	 */
	public static Optional<Duration> idleTimeout(QuicChannel channel, Duration ours) {
		Optional<Duration> peers = peerIdleTimeout(channel);
		return ours.isZero() ? peers : Optional.of(peers.filter((peer) -> peer.compareTo(ours) < 0).orElse(ours));
	}

	private static Optional<Duration> peerIdleTimeout(QuicChannel channel) {
		QuicTransportParameters parameters = channel.peerTransportParameters();
		return Optional.ofNullable(parameters)
			.map(QuicTransportParameters::maxIdleTimeout)
			.filter((millis) -> millis > 0)
			.map((millis) -> Duration.ofMillis(Math.min(millis, MAX_MILLIS)));
	}

}
