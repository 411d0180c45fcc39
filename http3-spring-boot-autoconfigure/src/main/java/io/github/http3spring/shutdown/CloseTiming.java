package io.github.http3spring.shutdown;

import java.time.Duration;

/**
 * Decides when CONNECTION_CLOSE follows what was cut off. All connections that a deadline
 * cuts off count from the same time, so that each has its last attempt before all is
 * over.
 */
public enum CloseTiming {

	/**
	 * It is not time yet.
	 */
	WAIT,

	/**
	 * It can leave behind all else.
	 */
	SEND,

	/**
	 * It has to leave instead of all else, which it resets too (RFC 9000 section 10.2).
	 */
	SEND_ALONE;

	/**
	 * Shortest time before the close: many clients throw away what they have not read by
	 * then, and the 503 has just been sent.
	 */
	static final Duration TIME_TO_READ = Duration.ofMillis(100);

	/**
	 * Longest wait for an acknowledgement where the close could leave: what has got lost
	 * is sent again meanwhile. On a long path nobody waits for a round trip.
	 */
	static final Duration TIME_TO_ACKNOWLEDGE = Duration.ofMillis(150);

	/**
	 * Time of the last attempt. What is left until {@link #BUDGET} is for the closing
	 * period, in which the close is sent again.
	 */
	public static final Duration LAST_ATTEMPT = Duration.ofMillis(300);

	/**
	 * Longest time for what comes after the deadline, the closing periods included: the
	 * process has to end within a second, and needs the other half of it to exit where
	 * the machine is busy.
	 */
	public static final Duration BUDGET = Duration.ofMillis(500);

	/**
	 * Room for the resets of all request streams, a GOAWAY and a CONNECTION_CLOSE, in
	 * bytes: two packets of the size that every path carries.
	 */
	static final long ROOM_FOR_ALL = 2400;

	/**
	 * Room for a CONNECTION_CLOSE alone, in bytes: after much loss the window is so small
	 * that it is full with what goes before.
	 */
	static final long ROOM_FOR_CLOSE = 100;

	/**
	 * Decide for a connection.
	 * @param sinceCutOff the time since its requests were cut off
	 * @param acknowledged whether the peer has acknowledged what was sent
	 * @param room how many bytes the congestion window has room for
	 * @return what to do
	 */
	public static CloseTiming of(Duration sinceCutOff, boolean acknowledged, long room) {
		if (sinceCutOff.compareTo(TIME_TO_READ) < 0) {
			return WAIT;
		}
		if (acknowledged || (room >= ROOM_FOR_ALL && sinceCutOff.compareTo(TIME_TO_ACKNOWLEDGE) >= 0)) {
			return SEND;
		}
		if (sinceCutOff.compareTo(LAST_ATTEMPT) >= 0) {
			return SEND_ALONE;
		}
		boolean late = sinceCutOff.compareTo(LAST_ATTEMPT.dividedBy(2)) >= 0;
		return (late && isOnlyForClose(room)) ? SEND_ALONE : WAIT;
	}

	private static boolean isOnlyForClose(long room) {
		return room >= ROOM_FOR_CLOSE && room < ROOM_FOR_ALL;
	}

	/**
	 * Return whether nothing fits into the congestion window, so that the close can only
	 * leave with a probe (RFC 9002 section 7.5).
	 * @param room how many bytes the congestion window has room for
	 * @return whether there is not even room for a close
	 */
	public static boolean needsProbe(long room) {
		return room < ROOM_FOR_CLOSE;
	}

}
