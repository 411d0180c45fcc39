package io.github.http3spring.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;

import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;

/**
 * Protects the 1-RTT packets of one direction (RFC 9001 section 5), with
 * TLS_AES_128_GCM_SHA256, which BoringSSL chooses where the processor knows AES.
 */
final class PacketProtection {

	private static final int TAG_LENGTH = 16;

	private static final int SAMPLE_LENGTH = 16;

	private static final int KEY_LENGTH = 16;

	private static final int MAX_NUMBER_LENGTH = 4;

	private static final int FIRST = 0x40 | MAX_NUMBER_LENGTH - 1;

	private final SecretKeySpec key;

	private final byte[] iv;

	private final Cipher packet;

	private final Cipher header;

	private long largest = -1;

	/**
	 * Derive the keys.
	 * @param secret the secret of the direction
	 */
	PacketProtection(byte[] secret) {
		try {
			this.key = new SecretKeySpec(expand(secret, "quic key", KEY_LENGTH), "AES");
			this.iv = expand(secret, "quic iv", 12);
			this.packet = Cipher.getInstance("AES/GCM/NoPadding");
			this.header = Cipher.getInstance("AES/ECB/NoPadding");
			this.header.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(expand(secret, "quic hp", KEY_LENGTH), "AES"));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * HKDF-Expand-Label for what fits into one block (RFC 8446 section 7.1).
	 */
	private static byte[] expand(byte[] secret, String name, int length) throws GeneralSecurityException {
		byte[] label = ("tls13 " + name).getBytes(StandardCharsets.US_ASCII);
		ByteBuffer info = ByteBuffer.allocate(label.length + 5)
			.putShort((short) length)
			.put((byte) label.length)
			.put(label)
			.put((byte) 0)
			.put((byte) 1);
		Mac mac = Mac.getInstance("HmacSHA256");
		mac.init(new SecretKeySpec(secret, "HmacSHA256"));
		return Arrays.copyOf(mac.doFinal(info.array()), length);
	}

	private byte[] nonce(long number) {
		byte[] nonce = this.iv.clone();
		for (int index = 0; index < Long.BYTES; index++) {
			nonce[nonce.length - 1 - index] ^= (byte) (number >>> 8 * index);
		}
		return nonce;
	}

	/**
	 * Make a packet with a short header.
	 * @param destinationId the connection id of the receiver
	 * @param number the packet number
	 * @param frames the frames
	 */
	byte[] seal(byte[] destinationId, long number, byte[] frames) {
		int numberIndex = 1 + destinationId.length;
		byte[] header = ByteBuffer.allocate(numberIndex + MAX_NUMBER_LENGTH)
			.put((byte) FIRST)
			.put(destinationId)
			.putInt((int) number)
			.array();
		try {
			this.packet.init(Cipher.ENCRYPT_MODE, this.key, new GCMParameterSpec(8 * TAG_LENGTH, nonce(number)));
			this.packet.updateAAD(header);
			byte[] sealed = Http3Frames.concat(header, this.packet.doFinal(frames));
			byte[] mask = this.header.doFinal(sealed, numberIndex + MAX_NUMBER_LENGTH, SAMPLE_LENGTH);
			sealed[0] ^= (byte) (mask[0] & 0x1f);
			for (int index = 0; index < MAX_NUMBER_LENGTH; index++) {
				sealed[numberIndex + index] ^= mask[1 + index];
			}
			return sealed;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Read a packet with a short header.
	 * @param bytes the packet, which is changed
	 * @param idLength the length of the receiver's connection ids
	 * @return the frames, {@code null} if it is not such a packet
	 */
	byte @Nullable [] open(byte[] bytes, int idLength) {
		int numberIndex = 1 + idLength;
		if (bytes.length < numberIndex + MAX_NUMBER_LENGTH + SAMPLE_LENGTH) {
			return null;
		}
		try {
			byte[] mask = this.header.doFinal(bytes, numberIndex + MAX_NUMBER_LENGTH, SAMPLE_LENGTH);
			bytes[0] ^= (byte) (mask[0] & 0x1f);
			int length = 1 + (bytes[0] & 0x03);
			long truncated = 0;
			for (int index = 0; index < length; index++) {
				bytes[numberIndex + index] ^= mask[1 + index];
				truncated = truncated << 8 | bytes[numberIndex + index] & 0xff;
			}
			long number = number(truncated, 8 * length);
			this.packet.init(Cipher.DECRYPT_MODE, this.key, new GCMParameterSpec(8 * TAG_LENGTH, nonce(number)));
			this.packet.updateAAD(bytes, 0, numberIndex + length);
			byte[] frames = this.packet.doFinal(bytes, numberIndex + length, bytes.length - numberIndex - length);
			this.largest = Math.max(this.largest, number);
			return frames;
		}
		catch (GeneralSecurityException ex) {
			return null;
		}
	}

	/**
	 * Decode a packet number (RFC 9000 appendix A.3).
	 */
	private long number(long truncated, int bits) {
		long expected = this.largest + 1;
		long window = 1L << bits;
		long candidate = expected & -window | truncated;
		if (candidate <= expected - window / 2) {
			return candidate + window;
		}
		return (candidate > expected + window / 2 && candidate >= window) ? candidate - window : candidate;
	}

}
