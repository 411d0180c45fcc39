package io.github.http3spring.netty.routing;

import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

/**
 * The id by which a load balancer finds one server of many, and how it stands in
 * connection ids: what the draft calls a configuration
 * (draft-ietf-quic-load-balancers-21). Immutable.
 */
public final class ServerId {

	/**
	 * Length of an encryption key in bytes.
	 */
	public static final int KEY_LENGTH = ServerIdCipher.BLOCK_LENGTH;

	/**
	 * Shortest nonce.
	 */
	public static final int MIN_NONCE_LENGTH = 4;

	/**
	 * Largest codepoint of a configuration; the one after it stands for none.
	 */
	public static final int MAX_CONFIG_ROTATION = 6;

	/**
	 * Most bytes of server id and nonce together, so that a connection id has room for
	 * what is ours. With as many the id is encrypted in a single pass.
	 */
	public static final int MAX_LENGTH = 16;

	private static final int CONFIG_ROTATION_SHIFT = 5;

	private static final int RANDOM_BITS = (1 << CONFIG_ROTATION_SHIFT) - 1;

	private final byte[] id;

	private final int nonceLength;

	private final int configRotation;

	private final @Nullable ServerIdCipher cipher;

	/**
	 * Create one.
	 * @param id the id, one byte at least
	 * @param nonceLength how many bytes follow it that make it another each time
	 * @param configRotation the codepoint of the configuration, which the first three
	 * bits of each connection id show
	 * @param key the key, {@code null} to leave the server id readable to anybody
	 */
	public ServerId(byte[] id, int nonceLength, int configRotation, byte @Nullable [] key) {
		this.id = id.clone();
		this.nonceLength = nonceLength;
		this.configRotation = configRotation;
		this.cipher = (key != null) ? new ServerIdCipher(key) : null;
	}

	int nonceLength() {
		return this.nonceLength;
	}

	/**
	 * Return the length of what {@link #write} writes.
	 */
	int length() {
		return 1 + this.id.length + this.nonceLength;
	}

	/**
	 * Write the first byte, the server id and the nonce.
	 * @param out where to write them
	 * @param first five random bits for the first byte
	 * @param nonce what no other connection id of this server has
	 */
	void write(ByteBuffer out, byte first, byte[] nonce) {
		byte[] block = ByteBuffer.allocate(this.id.length + nonce.length).put(this.id).put(nonce).array();
		out.put((byte) (this.configRotation << CONFIG_ROTATION_SHIFT | first & RANDOM_BITS))
			.put((this.cipher != null) ? this.cipher.encrypt(block) : block);
	}

}
