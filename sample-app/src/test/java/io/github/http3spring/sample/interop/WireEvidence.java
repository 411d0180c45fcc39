package io.github.http3spring.sample.interop;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.ProxiedDatagram;
import io.github.http3spring.wire.QuicPacket;
import io.github.http3spring.wire.QuicPacket.Type;

/**
 * What the path between a client and the server has seen of their connections, whatever
 * they say themselves.
 *
 * @param datagrams the datagrams in their order
 */
record WireEvidence(List<ProxiedDatagram> datagrams) {

	/**
	 * Return the connections in their order: the server gives each an id of its own.
	 */
	List<String> connections() {
		return packets(Direction.TO_CLIENT).filter((packet) -> packet.type() == Type.HANDSHAKE)
			.map(QuicPacket::source)
			.distinct()
			.toList();
	}

	/**
	 * Return the bytes of the server's part of a handshake. A certificate takes most of
	 * them, and none is sent when a session is resumed.
	 */
	int handshakeBytes(String connection) {
		return packets(Direction.TO_CLIENT)
			.filter((packet) -> packet.type() == Type.HANDSHAKE && packet.source().equals(connection))
			.mapToInt(QuicPacket::size)
			.sum();
	}

	/**
	 * Return how many packets of early data were sent.
	 */
	long earlyPackets() {
		return packets(Direction.TO_SERVER).filter((packet) -> packet.type() == Type.ZERO_RTT).count();
	}

	/**
	 * Return the bytes that the server has sent on the connection with early data before
	 * it has heard the end of its handshake: only early data can have asked for a
	 * response among them.
	 */
	int earlyAnswer() {
		return this.datagrams.stream()
			.dropWhile((datagram) -> !has(Type.ZERO_RTT).test(datagram))
			.takeWhile(
					(datagram) -> !(datagram.direction() == Direction.TO_SERVER && has(Type.HANDSHAKE).test(datagram)))
			.filter((datagram) -> datagram.direction() == Direction.TO_CLIENT)
			.flatMap((datagram) -> datagram.packets().stream())
			.filter((packet) -> packet.type() == Type.SHORT)
			.mapToInt(QuicPacket::size)
			.sum();
	}

	private static Predicate<ProxiedDatagram> has(Type type) {
		return (datagram) -> datagram.packets().stream().anyMatch((packet) -> packet.type() == type);
	}

	private Stream<QuicPacket> packets(Direction direction) {
		return this.datagrams.stream()
			.filter((datagram) -> datagram.direction() == direction)
			.flatMap((datagram) -> datagram.packets().stream());
	}

}
