package io.github.http3spring.wire;

import java.util.List;

/**
 * What a {@link UdpProxy} did to one datagram.
 *
 * @param direction the direction
 * @param number the position among the datagrams of its direction in the order of
 * arrival, from 0
 * @param size the UDP payload in bytes
 * @param nanos when it went on or was lost, in nanoseconds since the start of the proxy
 * @param fate what became of it
 * @param packets what can be seen of the packets in it
 */
public record ProxiedDatagram(Direction direction, long number, int size, long nanos, Fate fate,
		List<QuicPacket> packets) {

	@Override
	public String toString() {
		return "%,.3f ms %s %d, %d bytes, %s".formatted(this.nanos / 1_000_000d, this.direction, this.number, this.size,
				this.fate);
	}

	/**
	 * The fates of a datagram.
	 */
	public enum Fate {

		/** It was sent on as soon as its delay was over. */
		FORWARDED,

		/** It was held back for others to overtake it, and then sent on. */
		REORDERED,

		/** It was lost. */
		DROPPED

	}

}
