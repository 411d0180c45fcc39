package io.github.http3spring.netty.stack;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.shutdown.PeerActivity;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionPathStats;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import io.netty.incubator.codec.quic.QuicTransportParameters;
import org.jspecify.annotations.Nullable;

/**
 * Derives times from the round-trip time of a connection's active path. Called on the
 * event loop of the connection, where statistics are there at once.
 */
public final class PathTiming {

	/**
	 * Longest closing period, so that a peer with an absurd round-trip time cannot hold
	 * the socket open.
	 */
	static final Duration MAX_CLOSING_PERIOD = Duration.ofSeconds(3);

	/**
	 * Shortest time to wait for the rest of a header section after the final GOAWAY.
	 */
	private static final Duration MIN_HEADERS_TIME = Duration.ofSeconds(3);

	private static final Duration MAX_HEADERS_TIME = Duration.ofSeconds(10);

	private static final Duration MIN_CHECK_INTERVAL = Duration.ofMillis(10);

	private static final Duration MAX_CHECK_INTERVAL = Duration.ofMillis(20);

	private static final Duration MIN_WAIT_FOR_GOAWAY = Duration.ofSeconds(1);

	private static final Duration MAX_WAIT_FOR_GOAWAY = Duration.ofSeconds(5);

	private static final Duration MIN_MAX_PROBE_TIMEOUT = Duration.ofSeconds(3);

	private static final Duration MAX_MAX_PROBE_TIMEOUT = Duration.ofSeconds(8);

	private static final Duration MIN_GOAWAY_DELAY = Duration.ofMillis(50);

	/**
	 * Longest time between the first and the final GOAWAY.
	 */
	public static final Duration MAX_GOAWAY_DELAY = Duration.ofSeconds(1);

	/**
	 * Default of the transport parameter max_ack_delay (RFC 9000 section 18.2): how long
	 * a peer may hold an acknowledgement back.
	 */
	private static final Duration MAX_ACK_DELAY = Duration.ofMillis(25);

	/**
	 * Round-trip time to assume as long as none was measured (RFC 9002 section 6.2.2).
	 */
	private static final Duration INITIAL_ROUND_TRIP_TIME = Duration.ofMillis(333);

	/**
	 * Longest time that can be counted in nanoseconds. The longest idle timeout that a
	 * client can announce is longer.
	 */
	private static final long MAX_MILLIS = TimeUnit.NANOSECONDS.toMillis(Long.MAX_VALUE);

	private PathTiming() {
	}

	public static Duration roundTripTime(QuicChannel channel) {
		QuicConnectionStats stats = QuicStatistics.of(channel);
		Duration measured = (stats != null) ? measuredRoundTripTime(channel, stats) : null;
		return (measured != null) ? measured : INITIAL_ROUND_TRIP_TIME;
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
		Duration probeTimeout = threeProbeTimeouts(roundTripTime(channel)).dividedBy(3);
		return (stats != null) ? new PeerActivity(stats.sent(), stats.recv(), probeTimeout)
				: new PeerActivity(0, 0, probeTimeout);
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

	/**
	 * Return three times the probe timeout (RFC 9002 section 6.2.1). The variance of the
	 * round-trip time is not known here; a quarter of it is taken, to which it has
	 * usually fallen after a few round trips.
	 */
	private static Duration threeProbeTimeouts(Duration roundTripTime) {
		Duration variance = roundTripTime.dividedBy(4);
		return roundTripTime.plus(variance.multipliedBy(4)).plus(MAX_ACK_DELAY).multipliedBy(3);
	}

	public static Duration goAwayDelay(QuicChannel channel) {
		return clamp(threeProbeTimeouts(roundTripTime(channel)), MIN_GOAWAY_DELAY, MAX_GOAWAY_DELAY);
	}

	public static Duration closingPeriod(QuicChannel channel) {
		return clamp(threeProbeTimeouts(roundTripTime(channel)), Duration.ZERO, MAX_CLOSING_PERIOD);
	}

	/**
	 * Return a time that tells the timers of quiche apart: longer than any probe timeout
	 * of a peer that answers, and shorter than the idle timeout.
	 * @param maxIdleTimeout the idle timeout that we have announced, zero for none
	 */
	public static Duration maxProbeTimeout(QuicChannel channel, Duration maxIdleTimeout) {
		return maxProbeTimeout(roundTripTime(channel), idleTimeout(channel, maxIdleTimeout));
	}

	/**
	 * The probe timeout doubles with each probe that is not acknowledged (RFC 9002
	 * section 6.2.1). A peer that has not answered for most of a short idle timeout is
	 * not waited for: with a longer time than that, it would look as if something were in
	 * flight for ever.
	 */
	public static Duration maxProbeTimeout(Duration roundTripTime, Optional<Duration> idleTimeout) {
		Duration longest = clamp(threeProbeTimeouts(roundTripTime).multipliedBy(3), MIN_MAX_PROBE_TIMEOUT,
				MAX_MAX_PROBE_TIMEOUT);
		return idleTimeout.map((timeout) -> timeout.dividedBy(4).multipliedBy(3))
			.filter((part) -> part.compareTo(longest) < 0)
			.orElse(longest);
	}

	/**
	 * Return how long to wait for the acknowledgement of the final GOAWAY, by which a
	 * peer proves that it knows what is served: fifteen probe timeouts, within which it
	 * is sent four or five times. For a peer that waits for no response and does not
	 * answer then the rest is not worth the wait.
	 */
	public static Duration maxWaitForGoAway(Duration roundTripTime) {
		return clamp(threeProbeTimeouts(roundTripTime).multipliedBy(5), MIN_WAIT_FOR_GOAWAY, MAX_WAIT_FOR_GOAWAY);
	}

	/**
	 * Return a time after which a header section is not just delayed by loss: nine probe
	 * timeouts, within which a packet would have been sent for the fourth time.
	 */
	public static Duration headersTime(QuicChannel channel) {
		return clamp(threeProbeTimeouts(roundTripTime(channel)).multipliedBy(3), MIN_HEADERS_TIME, MAX_HEADERS_TIME);
	}

	/**
	 * Return how long to wait between two looks at what the peer has acknowledged: short
	 * against a round trip, long against the cost of a look.
	 */
	public static Duration checkInterval(Duration roundTripTime) {
		return clamp(roundTripTime.dividedBy(8), MIN_CHECK_INTERVAL, MAX_CHECK_INTERVAL);
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

	private static Duration clamp(Duration duration, Duration minimum, Duration maximum) {
		if (duration.compareTo(minimum) < 0) {
			return minimum;
		}
		return (duration.compareTo(maximum) > 0) ? maximum : duration;
	}

}
