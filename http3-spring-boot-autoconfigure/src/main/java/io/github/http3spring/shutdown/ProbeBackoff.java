package io.github.http3spring.shutdown;

import java.time.Duration;

/**
 * Tells for how long a peer has left everything unanswered before anybody watched it. The
 * time between two probes doubles with each that is not answered (RFC 9002 section
 * 6.2.1), so it is as long as all those before it together, and one probe timeout more.
 * <p>
 * Where nothing was unacknowledged, that time is one probe timeout, and there was no
 * silence. Nor is there more of it than probes tell while our own process stands still.
 *
 * @param left what was left of the time until the next probe, before a packet was sent
 * that asks for an answer
 * @param whole the time between two probes, as that packet has started it anew
 * @param probeTimeout the probe timeout of the path, which is roughly known
 */
record ProbeBackoff(Duration left, Duration whole, Duration probeTimeout) {

	/**
	 * Return the time between two looks at a peer, of which the second one follows the
	 * first packet that asks for an answer.
	 * @param before what had happened before that packet
	 * @param after what has happened since then
	 */
	static ProbeBackoff between(PeerActivity before, PeerActivity after) {
		boolean asked = after.sent() > before.sent();
		return new ProbeBackoff(before.nextTimer(), asked ? after.nextTimer() : Duration.ZERO, after.probeTimeout());
	}

	/**
	 * Return how long the peer has been silent, rather too little than too much.
	 * @return the time, zero for a peer that answers or owes no answer
	 */
	Duration silence() {
		Duration untilLastProbe = this.whole.minus(this.probeTimeout.multipliedBy(2));
		Duration silence = untilLastProbe.plus(this.whole).minus(this.left);
		return silence.isNegative() ? Duration.ZERO : silence;
	}

	/**
	 * Return how many probes the peer has left unanswered, at least: each time between
	 * two that is over has ended with one.
	 */
	int probes() {
		int probes = 0;
		Duration time = this.probeTimeout.multipliedBy(2);
		while (time.compareTo(this.whole) <= 0) {
			probes++;
			time = time.multipliedBy(2);
		}
		return probes;
	}

}
