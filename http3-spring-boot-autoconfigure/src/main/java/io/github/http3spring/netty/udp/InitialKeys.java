package io.github.http3spring.netty.udp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;

import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import io.github.http3spring.netty.tls.Hmac;

/**
 * Protects Initial packets of one side (RFC 9001 section 5). The keys follow from what
 * the client has sent in the clear: they hide nothing, and nothing has to be kept for
 * them.
 */
final class InitialKeys {

	/**
	 * Bytes that protection adds to a packet.
	 */
	static final int TAG_LENGTH = 16;

	/**
	 * Label of what a client sends (RFC 9001 section 5.2).
	 */
	static final String CLIENT = "client in";

	/**
	 * Label of what a server sends.
	 */
	static final String SERVER = "server in";

	private static final byte[] SALT = HexFormat.of().parseHex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a");

	private static final int SECRET_LENGTH = 32;

	private static final int KEY_LENGTH = 16;

	private static final int IV_LENGTH = 12;

	/**
	 * The sample that hides the header begins where the packet number would end if it had
	 * four bytes, and is as long as a block of AES.
	 */
	private static final int SAMPLE_OFFSET = 4;

	private static final int SAMPLE_LENGTH = 16;

	/**
	 * What is hidden in the first byte of a long header.
	 */
	private static final int FIRST_BYTE_MASK = 0x0f;

	private final SecretKeySpec key;

	private final byte[] iv;

	private final SecretKeySpec headerKey;

	/**
	 * Derive the keys.
	 * @param destinationId the connection id that the client's first Initial packet was
	 * for
	 * @param side the label of the side that sends
	 */
	InitialKeys(ByteBuffer destinationId, String side) {
		byte[] initial = new Hmac(SALT).sign(SECRET_LENGTH, destinationId);
		byte[] secret = expand(initial, side, SECRET_LENGTH);
		this.key = new SecretKeySpec(expand(secret, "quic key", KEY_LENGTH), "AES");
		this.iv = expand(secret, "quic iv", IV_LENGTH);
		this.headerKey = new SecretKeySpec(expand(secret, "quic hp", KEY_LENGTH), "AES");
	}

	/**
	 * HKDF-Expand-Label (RFC 8446 section 7.1), of which one block is enough here.
	 */
	private static byte[] expand(byte[] secret, String label, int length) {
		byte[] name = ("tls13 " + label).getBytes(StandardCharsets.US_ASCII);
		ByteBuffer info = ByteBuffer.allocate(Short.BYTES + 1 + name.length + 1 + 1)
			.putShort((short) length)
			.put((byte) name.length)
			.put(name)
			.put((byte) 0)
			.put((byte) 1)
			.flip();
		return new Hmac(secret).sign(length, info);
	}

	/**
	 * Protect a packet.
	 * @param header the header, which ends with the packet number
	 * @param packetNumberLength how many bytes of the header are the packet number
	 * @param payload the frames
	 * @return the packet as it is sent
	 */
	byte[] protect(byte[] header, int packetNumberLength, byte[] payload) {
		try {
			int packetNumberIndex = header.length - packetNumberLength;
			byte[] nonce = this.iv.clone();
			for (int index = 1; index <= packetNumberLength; index++) {
				nonce[IV_LENGTH - index] ^= header[header.length - index];
			}
			Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
			cipher.init(Cipher.ENCRYPT_MODE, this.key, new GCMParameterSpec(TAG_LENGTH * Byte.SIZE, nonce));
			cipher.updateAAD(header);
			byte[] packet = Arrays.copyOf(header, header.length + payload.length + TAG_LENGTH);
			cipher.doFinal(payload, 0, payload.length, packet, header.length);
			byte[] mask = mask(packet, packetNumberIndex + SAMPLE_OFFSET);
			packet[0] ^= (byte) (mask[0] & FIRST_BYTE_MASK);
			for (int index = 0; index < packetNumberLength; index++) {
				packet[packetNumberIndex + index] ^= mask[1 + index];
			}
			return packet;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Header protection (RFC 9001 section 5.4.3).
	 */
	private byte[] mask(byte[] packet, int sampleIndex) throws GeneralSecurityException {
		Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
		cipher.init(Cipher.ENCRYPT_MODE, this.headerKey);
		return cipher.doFinal(packet, sampleIndex, SAMPLE_LENGTH);
	}

}
