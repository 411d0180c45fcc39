package io.github.http3spring.shutdown;

import java.time.Duration;

/**
 * Judges from the silence of a peer whether it has vanished, and whether a connection on
 * which nothing happens would time out.
 * <p>
 * Time is counted in looks, not by a clock: while our own thread or process stands still,
 * packets of the peer wait to be read, and its silence means nothing.
 */
final class PeerSilence {

	/**
	 * Shortest silence of a peer that has vanished: longer than a change of network or a
	 * pause of its process.
	 */
	static final Duration SHORTEST = Duration.ofSeconds(8);

	/**
	 * How much of that is watched, at least: after an outage of our own network all peers
	 * look as if they had vanished, and have to be asked once more.
	 */
	static final Duration SHORTEST_WATCHED = Duration.ofSeconds(2);

	/**
	 * Silence after which the peer is asked at each look, because probes have become rare
	 * by then: where every fifth packet is lost in each direction, two probes that leave
	 * together with one acknowledgement for both are lost about once in four times.
	 */
	static final Duration LONG = SHORTEST.dividedBy(2);

	/**
	 * How many probe timeouts the silence lasts, at least.
	 */
	static final int PROBE_TIMEOUTS = 6;

	/**
	 * How many packets have gone unanswered, at least: what waits for an acknowledgement
	 * is sent again with each probe (RFC 9002 section 6.2.4). A peer with a full flow
	 * control window is silent too, but nothing is sent to it.
	 */
	static final int UNANSWERED = 6;

	/**
	 * Part of the idle timeout after which the peer is asked for an answer. The rest is
	 * for the answer to get lost.
	 */
	static final int KEEP_ALIVE_PART = 3;

	private long received;

	private long sentBefore;

	private PeerActivity last;

	private Duration quiet = Duration.ZERO;

	private Duration unanswered = Duration.ZERO;

	private long unansweredBefore;

	private boolean asked;

	PeerSilence(PeerActivity activity) {
		this.received = activity.received();
		this.sentBefore = activity.sent();
		this.last = activity;
	}

	/**
	 * Note that the peer has just been asked for an answer. It may have left others
	 * unanswered before it was looked at for the first time.
	 * @param activity what has happened until now
	 */
	void ask(PeerActivity activity) {
		ProbeBackoff before = ProbeBackoff.between(this.last, activity);
		Duration most = SHORTEST.minus(SHORTEST_WATCHED);
		Duration silence = before.silence();
		this.unanswered = (silence.compareTo(most) < 0) ? silence : most;
		this.unansweredBefore = before.probes();
		this.last = activity;
	}

	/**
	 * Look at the peer.
	 * @param activity what has happened until now
	 * @param sinceLast the time since the last look, as it was meant to be
	 */
	void look(PeerActivity activity, Duration sinceLast) {
		if (activity.received() != this.received) {
			this.received = activity.received();
			this.sentBefore = activity.sent();
			this.quiet = Duration.ZERO;
			this.unanswered = Duration.ZERO;
			this.unansweredBefore = 0;
			this.asked = false;
		}
		else {
			this.quiet = this.quiet.plus(sinceLast);
			if (this.last.sent() > this.sentBefore) {
				this.unanswered = this.unanswered.plus(sinceLast);
			}
		}
		this.last = activity;
	}

	/**
	 * Return whether the peer has had every chance to answer and has not.
	 */
	boolean isVanished() {
		return this.unanswered.compareTo(SHORTEST) >= 0
				&& this.unanswered.compareTo(this.last.probeTimeout().multipliedBy(PROBE_TIMEOUTS)) >= 0
				&& this.unansweredBefore + this.last.sent() - this.sentBefore >= UNANSWERED;
	}

	/**
	 * Return whether the peer has been silent for so long that it has to be asked often,
	 * before it is taken for one that has vanished.
	 */
	boolean isLong() {
		return this.unanswered.compareTo(LONG) >= 0;
	}

	/**
	 * Return, once per silence, whether the peer has to be asked for an answer so that
	 * the connection does not time out.
	 */
	boolean endsWith(Duration idleTimeout) {
		if (this.asked || this.quiet.compareTo(idleTimeout.dividedBy(KEEP_ALIVE_PART)) < 0) {
			return false;
		}
		this.asked = true;
		return true;
	}

}
