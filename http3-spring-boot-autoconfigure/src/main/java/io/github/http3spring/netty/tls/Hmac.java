package io.github.http3spring.netty.tls;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs with HMAC-SHA256 (RFC 2104). Thread-safe.
 */
public final class Hmac {

	private static final String ALGORITHM = "HmacSHA256";

	private static final int RANDOM_KEY_LENGTH = 32;

	private final SecretKeySpec key;

	public Hmac(byte[] key) {
		this.key = new SecretKeySpec(key, ALGORITHM);
	}

	/**
	 * Create one whose key nobody knows.
	 */
	public static Hmac withRandomKey() {
		byte[] key = new byte[RANDOM_KEY_LENGTH];
		new SecureRandom().nextBytes(key);
		return new Hmac(key);
	}

	/**
	 * Sign bytes.
	 * @param length the length of the signature, at most 32
	 * @param parts the bytes, which are left as they are
	 */
	public byte[] sign(int length, ByteBuffer... parts) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(this.key);
			for (ByteBuffer part : parts) {
				mac.update(part.duplicate());
			}
			return Arrays.copyOf(mac.doFinal(), length);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
