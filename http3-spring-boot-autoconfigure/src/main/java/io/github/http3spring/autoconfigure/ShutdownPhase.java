package io.github.http3spring.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.http3spring.netty.settings.Http3ServerSettings;
import io.github.http3spring.shutdown.ShutdownPolicy;

/**
 * The time that Spring gives each phase of a shutdown, after which it goes on even if
 * something is still open, and how the times of the HTTP/3 server fit into it.
 */
final class ShutdownPhase {

	private static final String TIMEOUT = "'spring.lifecycle.timeout-per-shutdown-phase'";

	private static final String PREFIX = "'http3.server.shutdown.";

	private static final String GRACE_PERIOD = PREFIX + "grace-period'";

	/**
	 * By default this much is left for the closing period and everything else that a busy
	 * machine delays.
	 */
	private static final Duration MARGIN = Duration.ofSeconds(2);

	private final Duration timeout;

	/**
	 * Create a phase.
	 * @param timeout the time that Spring gives it
	 */
	ShutdownPhase(Duration timeout) {
		this.timeout = timeout;
	}

	Duration defaultGracePeriod() {
		Duration half = this.timeout.dividedBy(2);
		Duration withMargin = this.timeout.minus(MARGIN);
		return (withMargin.compareTo(half) > 0) ? withMargin : half;
	}

	/**
	 * Return what does not fit.
	 * @param policy the times of the HTTP/3 server
	 * @return whole sentences, one for each conflict
	 */
	List<String> warnings(ShutdownPolicy policy) {
		List<String> warnings = new ArrayList<>();
		Duration gracePeriod = policy.gracePeriod();
		Duration closeTime = Http3ServerSettings.MAX_CLOSE_TIME;
		Duration needed = gracePeriod.plus(closeTime);
		if (needed.compareTo(this.timeout) > 0) {
			warnings.add(GRACE_PERIOD + " (" + print(gracePeriod) + ") and the closing period after it (up to "
					+ print(closeTime) + ") do not fit into " + TIMEOUT + " (" + print(this.timeout)
					+ "), after which Spring cuts the shutdown of HTTP/3 short. Set " + TIMEOUT + " to at least "
					+ print(needed) + ", or shorten " + GRACE_PERIOD);
		}
		Duration goAwayDelay = policy.goAwayDelay();
		Duration delays = (goAwayDelay != null) ? policy.spread().plus(goAwayDelay) : policy.spread();
		if (!delays.isZero() && delays.compareTo(gracePeriod) >= 0) {
			warnings.add(PREFIX + "spread' (" + print(policy.spread()) + ") and " + PREFIX + "goaway-delay' ("
					+ ((goAwayDelay != null) ? print(goAwayDelay) : "not set") + ") together are not shorter than "
					+ GRACE_PERIOD + " (" + print(gracePeriod)
					+ "): the last connections are cut off before they have got their final GOAWAY. Shorten them, or set "
					+ GRACE_PERIOD + " to more than " + print(delays));
		}
		return warnings;
	}

	/**
	 * Print a duration as it can stand in a property.
	 */
	private static String print(Duration duration) {
		return (duration.toMillisPart() == 0) ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
	}

}
