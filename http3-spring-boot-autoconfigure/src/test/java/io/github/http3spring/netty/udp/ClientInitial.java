package io.github.http3spring.netty.udp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

import io.github.http3spring.wire.Http3Frames;

/**
 * Encodes the first packet of a client (RFC 9000 section 17.2.2), protected as it has to
 * be, with any frames in it.
 */
final class ClientInitial {

	private static final int PACKET_NUMBER_LENGTH = 4;

	private static final int FIRST = 0xc0 | PACKET_NUMBER_LENGTH - 1;

	private static final int CRYPTO = 0x06;

	private ClientInitial() {
	}

	/**
	 * Encode a packet.
	 * @param destinationId the id that the client has chosen for the server
	 * @param sourceId the id of the client
	 * @param token the token
	 * @param number the packet number
	 * @param frames the frames, which are padded
	 * @return a datagram that is large enough
	 */
	static byte[] encode(byte[] destinationId, byte[] sourceId, byte[] token, int number, byte[] frames) {
		byte[] payload = Arrays.copyOf(frames, Math.max(frames.length, 1150));
		int length = PACKET_NUMBER_LENGTH + payload.length + InitialKeys.TAG_LENGTH;
		ByteArrayOutputStream header = new ByteArrayOutputStream();
		header.write(FIRST);
		header.writeBytes(new byte[] { 0, 0, 0, 1 });
		header.write(destinationId.length);
		header.writeBytes(destinationId);
		header.write(sourceId.length);
		header.writeBytes(sourceId);
		header.writeBytes(Http3Frames.varint(token.length));
		header.writeBytes(token);
		header.writeBytes(Http3Frames.varint(length));
		header.writeBytes(ByteBuffer.allocate(PACKET_NUMBER_LENGTH).putInt(number).array());
		return new InitialKeys(ByteBuffer.wrap(destinationId), InitialKeys.CLIENT).protect(header.toByteArray(),
				PACKET_NUMBER_LENGTH, payload);
	}

	/**
	 * Encode a CRYPTO frame.
	 */
	static byte[] crypto(long offset, byte[] data) {
		return Http3Frames.concat(Http3Frames.concat(new byte[] { CRYPTO }, Http3Frames.varint(offset)),
				Http3Frames.concat(Http3Frames.varint(data.length), data));
	}

	/**
	 * Encode a ClientHello for HTTP/3 (RFC 8446 section 4.1.2), whose key belongs to
	 * nobody.
	 * @param sourceId the id of the client, which the transport parameters repeat
	 */
	static byte[] clientHello(byte[] sourceId) {
		ByteArrayOutputStream extensions = new ByteArrayOutputStream();
		extension(extensions, 0, "000c0000096c6f63616c686f7374");
		extension(extensions, 43, "020304");
		extension(extensions, 10, "0002001d");
		extension(extensions, 13, "00080403080404010501");
		extension(extensions, 16, "0003026833");
		extension(extensions, 51, "0024001d0020" + "09".repeat(32));
		extension(extensions, 45, "0101");
		extension(extensions, 57, "01048000ea60" + "040480100000" + "050480100000" + "060480100000" + "070480100000"
				+ "080240ff" + "090240ff" + "0f%02x".formatted(sourceId.length) + HexFormat.of().formatHex(sourceId));
		ByteArrayOutputStream hello = new ByteArrayOutputStream();
		hello.writeBytes(new byte[] { 3, 3 });
		hello.writeBytes(new byte[32]);
		hello.writeBytes(HexFormat.of().parseHex("00" + "0006130113021303" + "0100"));
		hello.writeBytes(new byte[] { (byte) (extensions.size() >> 8), (byte) extensions.size() });
		hello.writeBytes(extensions.toByteArray());
		return Http3Frames.concat(new byte[] { 1, 0, (byte) (hello.size() >> 8), (byte) hello.size() },
				hello.toByteArray());
	}

	private static void extension(ByteArrayOutputStream out, int type, String content) {
		byte[] bytes = HexFormat.of().parseHex(content);
		out.writeBytes(new byte[] { 0, (byte) type, (byte) (bytes.length >> 8), (byte) bytes.length });
		out.writeBytes(bytes);
	}

}
