package io.github.http3spring.netty.routing;

import java.security.GeneralSecurityException;
import java.util.Arrays;

import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts a server id and its nonce, so that only the load balancer can tell which
 * server a connection id is of (draft-ietf-quic-load-balancers-21 sections 5.4.1 and
 * 5.4.2). Thread-safe.
 */
final class ServerIdCipher {

	/**
	 * Length of the key, and of what AES encrypts at a time.
	 */
	static final int BLOCK_LENGTH = 16;

	private static final int PASSES = 4;

	private final SecretKeySpec key;

	ServerIdCipher(byte[] key) {
		this.key = new SecretKeySpec(key, "AES");
	}

	/**
	 * Encrypt.
	 * @param plaintext the server id and the nonce
	 * @return as many bytes
	 */
	byte[] encrypt(byte[] plaintext) {
		if (plaintext.length == BLOCK_LENGTH) {
			return encryptBlock(plaintext);
		}
		Halves halves = Halves.of(plaintext);
		for (int pass = 1; pass <= PASSES; pass++) {
			halves.mix(pass, encryptBlock(halves.expand(pass)));
		}
		return halves.join();
	}

	private byte[] encryptBlock(byte[] block) {
		try {
			// One block at a time, as the draft has it: there is nothing to chain
			Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
			cipher.init(Cipher.ENCRYPT_MODE, this.key);
			return cipher.doFinal(block);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * The two halves of a Feistel network. The byte in the middle of an odd number is
	 * shared: its first four bits belong to the left half and the others to the right.
	 *
	 * @param length the length of both together
	 * @param left the left half
	 * @param right the right half
	 */
	private record Halves(int length, byte[] left, byte[] right) {

		private static final int LEFT_BITS = 0xf0;

		private static final int RIGHT_BITS = 0x0f;

		static Halves of(byte[] bytes) {
			int half = (bytes.length + 1) / 2;
			Halves halves = new Halves(bytes.length, Arrays.copyOf(bytes, half),
					Arrays.copyOfRange(bytes, bytes.length - half, bytes.length));
			halves.clearForeignBits();
			return halves;
		}

		private void clearForeignBits() {
			if (this.length % 2 != 0) {
				this.left[this.left.length - 1] &= (byte) LEFT_BITS;
				this.right[0] &= (byte) RIGHT_BITS;
			}
		}

		/**
		 * Return the half that a pass encrypts, the left one first, as a whole block that
		 * no other pass has.
		 */
		byte[] expand(int pass) {
			byte[] block = Arrays.copyOf((pass % 2 != 0) ? this.left : this.right, BLOCK_LENGTH);
			block[BLOCK_LENGTH - 2] = (byte) this.length;
			block[BLOCK_LENGTH - 1] = (byte) pass;
			return block;
		}

		/**
		 * Change the other half by what became of this one.
		 */
		void mix(int pass, byte[] encrypted) {
			byte[] half = (pass % 2 != 0) ? this.right : this.left;
			for (int index = 0; index < half.length; index++) {
				half[index] ^= encrypted[index];
			}
			clearForeignBits();
		}

		byte[] join() {
			byte[] bytes = Arrays.copyOf(this.left, this.length);
			int start = this.length - this.right.length;
			for (int index = 0; index < this.right.length; index++) {
				bytes[start + index] |= this.right[index];
			}
			return bytes;
		}

	}

}
