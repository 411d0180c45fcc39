package io.github.http3spring.wire;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import io.github.http3spring.wire.ProxiedDatagram.Fate;
import io.netty.buffer.ByteBuf;

/**
 * The latest datagrams of a {@link UdpProxy}. Thread-safe.
 */
final class DatagramTrace {

	/** Enough for 8 MB and its acknowledgements. */
	private static final int CAPACITY = 16_384;

	private final long start = System.nanoTime();

	private final Deque<ProxiedDatagram> datagrams = new ArrayDeque<>();

	synchronized void add(Direction direction, long number, ByteBuf datagram, Fate fate) {
		if (this.datagrams.size() == CAPACITY) {
			this.datagrams.remove();
		}
		this.datagrams.add(new ProxiedDatagram(direction, number, datagram.readableBytes(),
				System.nanoTime() - this.start, fate, QuicPacket.in(datagram)));
	}

	synchronized List<ProxiedDatagram> snapshot() {
		return List.copyOf(this.datagrams);
	}

}
