package io.github.http3spring.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

import io.github.http3spring.shutdown.ConnectionOutcome;

/**
 * Counts connections by the way in which they ended: those of an {@link Http3Server}
 * since it was created, or those of one shutdown. The only list of these ways; endpoint,
 * meters and log show it as it is.
 *
 * @param accepted connections whose handshake was done
 * @param refused connection attempts that were refused, during a shutdown or because of
 * the limit
 * @param handshakeFailures connection attempts whose handshake was not done when they
 * ended, or when their time was over
 * @param completed connections that were shut down, whose requests all ended and whose
 * responses were all acknowledged
 * @param atDeadline connections that were cut off when a grace period was over
 * @param closedByPeer connections that the peer ended
 * @param timedOut connections that ended by their idle timeout
 * @param vanished connections whose peer did not answer any more while they were shut
 * down
 */
public record ConnectionCounts(long accepted, long refused, long handshakeFailures, long completed, long atDeadline,
		long closedByPeer, long timedOut, long vanished) {

	/**
	 * Create counts from what is known of each outcome.
	 * @param accepted the number of accepted connections
	 * @param ended how many connections had an outcome
	 * @return the counts
	 */
	public static ConnectionCounts of(long accepted, ToLongFunction<ConnectionOutcome> ended) {
		return new ConnectionCounts(accepted, ended.applyAsLong(ConnectionOutcome.REFUSED),
				ended.applyAsLong(ConnectionOutcome.HANDSHAKE_FAILED), ended.applyAsLong(ConnectionOutcome.COMPLETED),
				ended.applyAsLong(ConnectionOutcome.DEADLINE), ended.applyAsLong(ConnectionOutcome.PEER_CLOSED),
				ended.applyAsLong(ConnectionOutcome.IDLE_TIMEOUT), ended.applyAsLong(ConnectionOutcome.VANISHED));
	}

	/**
	 * Return how many of the accepted connections have not ended, those in their closing
	 * period included.
	 * @return the number of open connections
	 */
	public long active() {
		return Math.max(0,
				this.accepted - this.completed - this.atDeadline - this.closedByPeer - this.timedOut - this.vanished);
	}

	/**
	 * Return what has happened since an earlier reading.
	 * @param earlier the earlier reading
	 * @return the difference
	 */
	public ConnectionCounts since(ConnectionCounts earlier) {
		return new ConnectionCounts(this.accepted - earlier.accepted, this.refused - earlier.refused,
				this.handshakeFailures - earlier.handshakeFailures, this.completed - earlier.completed,
				this.atDeadline - earlier.atDeadline, this.closedByPeer - earlier.closedByPeer,
				this.timedOut - earlier.timedOut, this.vanished - earlier.vanished);
	}

	/**
	 * Return these counts together with others.
	 * @param other the other counts
	 * @return the sum
	 */
	public ConnectionCounts plus(ConnectionCounts other) {
		return new ConnectionCounts(this.accepted + other.accepted, this.refused + other.refused,
				this.handshakeFailures + other.handshakeFailures, this.completed + other.completed,
				this.atDeadline + other.atDeadline, this.closedByPeer + other.closedByPeer,
				this.timedOut + other.timedOut, this.vanished + other.vanished);
	}

	/**
	 * Return the counts as they are if further connections are cut off.
	 * @param connections the number of these connections
	 * @return the counts with them
	 */
	public ConnectionCounts cutOff(long connections) {
		return new ConnectionCounts(this.accepted, this.refused, this.handshakeFailures, this.completed,
				this.atDeadline + connections, this.closedByPeer, this.timedOut, this.vanished);
	}

	/**
	 * Return the counts by their names.
	 * @return the counts in the order in which they are shown
	 */
	public Map<String, Long> byName() {
		Map<String, Long> counts = new LinkedHashMap<>();
		counts.put("accepted", this.accepted);
		counts.put("refused", this.refused);
		counts.put("handshakeFailures", this.handshakeFailures);
		counts.put("completed", this.completed);
		counts.put("atDeadline", this.atDeadline);
		counts.put("closedByPeer", this.closedByPeer);
		counts.put("timedOut", this.timedOut);
		counts.put("vanished", this.vanished);
		return counts;
	}

	/**
	 * Describe the ways to end. Failed handshakes are rare and mentioned only if there
	 * are any.
	 */
	@Override
	public String toString() {
		String ended = String.format(
				"%d completed, %d at deadline, %d closed by peer, %d timed out, %d vanished, %d refused",
				this.completed, this.atDeadline, this.closedByPeer, this.timedOut, this.vanished, this.refused);
		return (this.handshakeFailures > 0) ? ended + ", " + this.handshakeFailures + " failed handshakes" : ended;
	}

}
