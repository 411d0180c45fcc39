package io.github.http3spring.netty.udp;

import java.nio.ByteBuffer;

import io.github.http3spring.netty.protocol.VariableLengthInteger;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the first packet of a datagram shows without keys (RFC 8999, RFC 9000
 * section 17), and leaves the datagram as it is.
 *
 * @param version the version of QUIC, as a number without sign in an {@code int}
 * @param initial whether it is an Initial packet, if the version is
 * {@linkplain #VERSION_1 1}
 * @param destinationId the connection id that it is for
 * @param sourceId the connection id of the sender
 * @param tokenIndex where the length of the token stands in an Initial packet
 * @param token the token of an Initial packet, which may be empty
 */
public record PacketHeader(int version, boolean initial, ByteBuffer destinationId, ByteBuffer sourceId, int tokenIndex,
		ByteBuffer token) {

	/**
	 * The only version of QUIC that the codec speaks.
	 */
	static final int VERSION_1 = 1;

	private static final int MAX_ID_LENGTH = 20;

	/**
	 * Longest connection id of any version (RFC 8999 section 5.1).
	 */
	private static final int MAX_ID_LENGTH_OF_ANY_VERSION = 255;

	private static final int FORM = 0x80;

	private static final int TYPE = 0x30;

	private static final int TYPE_INITIAL = 0x00;

	/**
	 * Where the version stands in a long header.
	 */
	private static final int VERSION_OFFSET = 1;

	private static final int IDS_OFFSET = VERSION_OFFSET + Integer.BYTES;

	/**
	 * Return whether a datagram begins with a long header: with a packet of a handshake.
	 */
	public static boolean isLong(ByteBuf datagram) {
		return datagram.isReadable() && (datagram.getByte(datagram.readerIndex()) & FORM) != 0;
	}

	/**
	 * Return whether a datagram asks for a connection, or for the versions that the
	 * server speaks.
	 * @param datagram a datagram that begins with a long header
	 */
	static boolean mayOpenConnection(ByteBuf datagram) {
		int start = datagram.readerIndex();
		return datagram.readableBytes() < IDS_OFFSET || datagram.getInt(start + VERSION_OFFSET) != VERSION_1
				|| isInitial(datagram.getByte(start));
	}

	private static boolean isInitial(byte first) {
		return (first & TYPE) == TYPE_INITIAL;
	}

	/**
	 * Return the connection id that a datagram is for, one of ours or the one that the
	 * client has chosen for its first flight.
	 * @param datagram a datagram that begins with a long header
	 * @return the id, {@code null} if the datagram is too short for one; good for as long
	 * as the datagram
	 */
	static @Nullable ByteBuffer destinationId(ByteBuf datagram) {
		int length = destinationIdLength(datagram, 0);
		return (length >= 0) ? datagram.nioBuffer(destinationIdIndex(datagram), length) : null;
	}

	/**
	 * Copy the connection id that a datagram is for, to look something up without a new
	 * object for each datagram.
	 * @param datagram the datagram
	 * @param ownLength the length of our ids, which a short header does not tell
	 * @param copy what the id is copied to, of {@link #newIdBuffer()}
	 * @return whether there is an id
	 */
	public static boolean copyDestinationId(ByteBuf datagram, int ownLength, ByteBuffer copy) {
		int length = destinationIdLength(datagram, ownLength);
		if (length < 0) {
			return false;
		}
		datagram.getBytes(destinationIdIndex(datagram), copy.clear().limit(length));
		copy.flip();
		return true;
	}

	public static ByteBuffer newIdBuffer() {
		return ByteBuffer.allocate(MAX_ID_LENGTH_OF_ANY_VERSION);
	}

	/**
	 * Return where the connection id begins if it is as long as ours.
	 * @return the index, negative if there is no id of that length
	 */
	static int indexOfId(ByteBuf datagram, int ownLength) {
		boolean longHeader = isLong(datagram);
		int start = destinationIdIndex(datagram, longHeader);
		boolean present = start + ownLength <= datagram.writerIndex()
				&& (!longHeader || datagram.getUnsignedByte(start - 1) == ownLength);
		return present ? start : -1;
	}

	private static int destinationIdIndex(ByteBuf datagram) {
		return destinationIdIndex(datagram, isLong(datagram));
	}

	private static int destinationIdIndex(ByteBuf datagram, boolean longHeader) {
		return datagram.readerIndex() + (longHeader ? IDS_OFFSET + 1 : 1);
	}

	/**
	 * Return the length of the connection id, negative if the datagram is too short for
	 * it.
	 */
	private static int destinationIdLength(ByteBuf datagram, int ownLength) {
		int start = destinationIdIndex(datagram);
		if (start > datagram.writerIndex()) {
			return -1;
		}
		int length = isLong(datagram) ? datagram.getUnsignedByte(start - 1) : ownLength;
		return (start + length <= datagram.writerIndex()) ? length : -1;
	}

	/**
	 * Read a long header.
	 * @param datagram a datagram that begins with a long header
	 * @return the header, {@code null} if its version does not allow such a header
	 */
	static @Nullable PacketHeader read(ByteBuf datagram) {
		ByteBuf in = datagram.duplicate();
		try {
			byte first = in.readByte();
			int version = in.readInt();
			ByteBuffer destinationId = readId(in);
			ByteBuffer sourceId = readId(in);
			boolean initial = version == VERSION_1 && isInitial(first);
			if (version == VERSION_1
					&& (destinationId.remaining() > MAX_ID_LENGTH || sourceId.remaining() > MAX_ID_LENGTH)) {
				return null;
			}
			int tokenIndex = in.readerIndex();
			ByteBuffer token = initial ? readBytes(in, readLength(in)) : ByteBuffer.allocate(0);
			return new PacketHeader(version, initial, destinationId, sourceId, tokenIndex, token);
		}
		catch (IndexOutOfBoundsException ex) {
			return null;
		}
	}

	private static ByteBuffer readId(ByteBuf in) {
		return readBytes(in, in.readUnsignedByte());
	}

	private static ByteBuffer readBytes(ByteBuf in, long length) {
		if (length > in.readableBytes()) {
			throw new IndexOutOfBoundsException();
		}
		byte[] bytes = new byte[(int) length];
		in.readBytes(bytes);
		return ByteBuffer.wrap(bytes);
	}

	private static long readLength(ByteBuf in) {
		VariableLengthInteger integer = new VariableLengthInteger();
		while (!integer.read(in.readUnsignedByte())) {
			// One to eight bytes
		}
		return integer.value();
	}

}
