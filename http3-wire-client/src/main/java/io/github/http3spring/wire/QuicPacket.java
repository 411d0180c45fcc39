package io.github.http3spring.wire;

import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * What a packet in a datagram shows to everybody (RFC 9000 section 17).
 *
 * @param type the type
 * @param source the connection id that its sender has chosen, in hexadecimal digits,
 * empty if it has chosen none or the header is short
 * @param size the bytes after the header
 */
public record QuicPacket(Type type, String source, int size) {

	private static final int LONG_HEADER = 0x80;

	private static final int VERSION_END = 5;

	/**
	 * Read what is in a datagram, which stays as it is. Of what is damaged or of another
	 * version, nothing is told.
	 */
	static List<QuicPacket> in(ByteBuf datagram) {
		ByteBuf rest = datagram.duplicate();
		List<QuicPacket> packets = new ArrayList<>(2);
		try {
			while (rest.isReadable()) {
				packets.add(read(rest));
			}
		}
		catch (IndexOutOfBoundsException ex) {
			// No packet, but bytes of a test
		}
		return List.copyOf(packets);
	}

	private static QuicPacket read(ByteBuf rest) {
		int first = rest.getUnsignedByte(rest.readerIndex());
		if ((first & LONG_HEADER) == 0) {
			int size = rest.readableBytes();
			rest.skipBytes(size);
			return new QuicPacket(Type.SHORT, "", size);
		}
		Type type = Type.LONG[(first >> 4) & 0x03];
		rest.skipBytes(VERSION_END);
		rest.skipBytes(rest.readUnsignedByte());
		String source = ByteBufUtil.hexDump(rest.readSlice(rest.readUnsignedByte()));
		if (type == Type.INITIAL) {
			rest.skipBytes((int) readVarint(rest));
		}
		int size = (type == Type.RETRY) ? rest.readableBytes() : (int) readVarint(rest);
		rest.skipBytes(size);
		return new QuicPacket(type, source, size);
	}

	private static long readVarint(ByteBuf buffer) {
		int size = 1 << (buffer.getUnsignedByte(buffer.readerIndex()) >> 6);
		long value = buffer.readUnsignedByte() & 0x3f;
		for (int index = 1; index < size; index++) {
			value = (value << 8) | buffer.readUnsignedByte();
		}
		return value;
	}

	/**
	 * The types of packets.
	 */
	public enum Type {

		/** The begin of a handshake. */
		INITIAL,

		/** Early data. */
		ZERO_RTT,

		/** The rest of a handshake. */
		HANDSHAKE,

		/** A demand to prove an address. */
		RETRY,

		/** Everything after that. */
		SHORT;

		private static final Type[] LONG = { INITIAL, ZERO_RTT, HANDSHAKE, RETRY };

	}

}
