package io.github.http3spring.shutdown;

import java.time.Duration;

/**
 * Derives from the round-trip time of a connection how long to wait for its peer.
 *
 * @param duration the round-trip time
 */
public record RoundTripTime(Duration duration) {

	/**
	 * Round-trip time to assume as long as none was measured (RFC 9002 section 6.2.2).
	 */
	public static final RoundTripTime INITIAL = new RoundTripTime(Duration.ofMillis(333));

	/**
	 * Longest time between the first and the final GOAWAY.
	 */
	public static final Duration MAX_GOAWAY_DELAY = Duration.ofSeconds(1);

	/**
	 * Longest closing period, so that a peer with an absurd round-trip time cannot hold
	 * the socket open.
	 */
	static final Duration MAX_CLOSING_PERIOD = Duration.ofSeconds(3);

	static final Duration MIN_GOAWAY_DELAY = Duration.ofMillis(50);

	/**
	 * Shortest time to wait for the rest of a header section after the final GOAWAY.
	 */
	static final Duration MIN_HEADERS_TIME = Duration.ofSeconds(3);

	static final Duration MAX_HEADERS_TIME = Duration.ofSeconds(10);

	static final Duration MIN_CHECK_INTERVAL = Duration.ofMillis(10);

	static final Duration MAX_CHECK_INTERVAL = Duration.ofMillis(20);

	static final Duration MIN_WAIT_FOR_GOAWAY = Duration.ofSeconds(1);

	static final Duration MAX_WAIT_FOR_GOAWAY = Duration.ofSeconds(5);

	static final Duration MIN_MAX_PROBE_TIMEOUT = Duration.ofSeconds(3);

	static final Duration MAX_MAX_PROBE_TIMEOUT = Duration.ofSeconds(8);

	/**
	 * Default of the transport parameter max_ack_delay (RFC 9000 section 18.2): how long
	 * a peer may hold an acknowledgement back.
	 */
	private static final Duration MAX_ACK_DELAY = Duration.ofMillis(25);

	/**
	 * Return the probe timeout (RFC 9002 section 6.2.1): the round-trip time, four times
	 * its variance, and what the peer may hold an acknowledgement back. The variance is
	 * not known here. A quarter of the round-trip time is taken, to which it has usually
	 * fallen after a few round trips.
	 */
	public Duration probeTimeout() {
		return probeTimeout(MAX_ACK_DELAY);
	}

	/**
	 * Return the probe timeout for a peer that has announced for how long it may hold an
	 * acknowledgement back.
	 * @param maxAckDelay the transport parameter max_ack_delay of the peer
	 */
	public Duration probeTimeout(Duration maxAckDelay) {
		return this.duration.multipliedBy(2).plus(maxAckDelay);
	}

	/**
	 * Return the time between the first and the final GOAWAY: three probe timeouts,
	 * within limits.
	 */
	public Duration goAwayDelay() {
		return clamp(probeTimeouts(3), MIN_GOAWAY_DELAY, MAX_GOAWAY_DELAY);
	}

	/**
	 * Return the length of the closing period: three probe timeouts (RFC 9000 section
	 * 10.2), within limits.
	 */
	public Duration closingPeriod() {
		return clamp(probeTimeouts(3), Duration.ZERO, MAX_CLOSING_PERIOD);
	}

	/**
	 * Return a time that is longer than any probe timeout of a peer that answers: nine
	 * probe timeouts, within limits. The probe timeout doubles with each probe that is
	 * not acknowledged (RFC 9002 section 6.2.1).
	 */
	public Duration maxProbeTimeout() {
		return clamp(probeTimeouts(9), MIN_MAX_PROBE_TIMEOUT, MAX_MAX_PROBE_TIMEOUT);
	}

	/**
	 * Return a time that is also shorter than the idle timeout, so that it tells the
	 * timers of quiche apart. A peer that has not answered for most of a short idle
	 * timeout is not waited for: with a longer time than that, it would look as if
	 * something were in flight for ever.
	 * @param idleTimeout the idle timeout of the connection
	 */
	public Duration maxProbeTimeout(Duration idleTimeout) {
		Duration part = idleTimeout.dividedBy(4).multipliedBy(3);
		Duration longest = maxProbeTimeout();
		return (part.compareTo(longest) < 0) ? part : longest;
	}

	/**
	 * Return how long to wait for the acknowledgement of the final GOAWAY, which proves
	 * that the peer knows what is served: fifteen probe timeouts, within which it is sent
	 * four or five times. It is not worth waiting longer for a peer that expects no
	 * response and still does not answer.
	 */
	public Duration maxWaitForGoAway() {
		return clamp(probeTimeouts(15), MIN_WAIT_FOR_GOAWAY, MAX_WAIT_FOR_GOAWAY);
	}

	/**
	 * Return a time after which a header section is not just delayed by loss: nine probe
	 * timeouts, within which a packet would have been sent for the fourth time.
	 */
	public Duration headersTime() {
		return clamp(probeTimeouts(9), MIN_HEADERS_TIME, MAX_HEADERS_TIME);
	}

	/**
	 * Return how long to wait between two looks at what the peer has acknowledged: short
	 * against a round trip, long against the cost of a look.
	 */
	public Duration checkInterval() {
		return clamp(this.duration.dividedBy(8), MIN_CHECK_INTERVAL, MAX_CHECK_INTERVAL);
	}

	private Duration probeTimeouts(int count) {
		return probeTimeout().multipliedBy(count);
	}

	private static Duration clamp(Duration duration, Duration minimum, Duration maximum) {
		if (duration.compareTo(minimum) < 0) {
			return minimum;
		}
		return (duration.compareTo(maximum) > 0) ? maximum : duration;
	}

}
