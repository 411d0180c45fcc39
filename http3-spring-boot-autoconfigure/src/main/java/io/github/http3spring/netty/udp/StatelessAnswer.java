package io.github.http3spring.netty.udp;

import java.nio.ByteBuffer;

import io.netty.incubator.codec.quic.QuicTransportError;

/**
 * Answers a first packet of a client without keeping anything of it: the same packet gets
 * the same answer, each shorter than a tenth of what was asked with unless the client has
 * chosen very long connection ids.
 */
final class StatelessAnswer {

	private static final int LONG_HEADER = 0xc0;

	private static final int FRAME_CONNECTION_CLOSE = 0x1c;

	/**
	 * So long that the sample of the header protection fits into the packet.
	 */
	private static final int PACKET_NUMBER_LENGTH = 4;

	/**
	 * A version that is never used, so that clients learn to ignore what they do not know
	 * (RFC 9000 section 15).
	 */
	private static final int RESERVED_VERSION = 0x0a0a0a0a;

	private StatelessAnswer() {
	}

	/**
	 * Create an Initial packet with CONNECTION_CLOSE (RFC 9000 section 5.2.2), which the
	 * client can read before it has anything else of the server.
	 * @param initial the header of the client's Initial packet
	 * @param error the reason
	 */
	static byte[] close(PacketHeader initial, QuicTransportError error) {
		// No frame type and no reason phrase
		byte[] payload = { FRAME_CONNECTION_CLOSE, (byte) error.code(), 0, 0 };
		int length = PACKET_NUMBER_LENGTH + payload.length + InitialKeys.TAG_LENGTH;
		ByteBuffer sourceId = initial.destinationId();
		ByteBuffer header = startHeader(LONG_HEADER | PACKET_NUMBER_LENGTH - 1, PacketHeader.VERSION_1, initial,
				2 + PACKET_NUMBER_LENGTH)
			.put((byte) 0)
			.put((byte) length)
			.putInt(0);
		return new InitialKeys(sourceId, InitialKeys.SERVER).protect(header.array(), PACKET_NUMBER_LENGTH, payload);
	}

	/**
	 * Create a Version Negotiation packet (RFC 9000 section 17.2.1).
	 * @param header the header of a packet of another version
	 */
	static byte[] versionNegotiation(PacketHeader header) {
		return startHeader(LONG_HEADER, 0, header, 2 * Integer.BYTES).putInt(RESERVED_VERSION)
			.putInt(PacketHeader.VERSION_1)
			.array();
	}

	/**
	 * Begin a long header that answers another: what was the one side's connection id
	 * becomes the other's.
	 */
	private static ByteBuffer startHeader(int first, int version, PacketHeader asked, int rest) {
		ByteBuffer destinationId = asked.sourceId();
		ByteBuffer sourceId = asked.destinationId();
		return ByteBuffer.allocate(1 + Integer.BYTES + 2 + destinationId.remaining() + sourceId.remaining() + rest)
			.put((byte) first)
			.putInt(version)
			.put((byte) destinationId.remaining())
			.put(destinationId.duplicate())
			.put((byte) sourceId.remaining())
			.put(sourceId.duplicate());
	}

}
