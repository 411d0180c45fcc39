package io.github.http3spring.netty.routing;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Layout of the connection ids that one run of a server gives out: <pre>
 * first byte and server id for a load balancer, if there is one
 * nonce, or random bytes
 * worker (1 byte)  \ masked by the
 * mark   (2 bytes) / four bytes before
 * </pre> By the mark the ids of this run are told from those of an earlier one, which a
 * stateless reset answers, and from those that clients have chosen. The mask keeps a
 * passer-by from seeing that two ids belong to the same worker, and perhaps to the same
 * client; one multiplication of a secret number, which the kernel can do as well.
 * Immutable, and costs no object for each packet.
 */
public final class ConnectionIdLayout {

	/**
	 * Length of the longest connection id (RFC 9000 section 17.2).
	 */
	public static final int MAX_LENGTH = 20;

	/**
	 * Length of our ids without a load balancer. quiche has 128 bytes for all transport
	 * parameters, in which an id stands twice after a Retry packet: with longer ones
	 * there would be no room for the token of a stateless reset, and no connection.
	 */
	public static final int DEFAULT_LENGTH = 12;

	/**
	 * Most workers, by the size of their place.
	 */
	public static final int MAX_WORKERS = 256;

	/**
	 * Stands for no worker of this server.
	 */
	public static final int UNKNOWN = -1;

	static final int TAG_LENGTH = 3;

	static final int TAG_SHIFT = Integer.SIZE - TAG_LENGTH * Byte.SIZE;

	private static final int MARK_BITS = 0xffff;

	private final @Nullable ServerId serverId;

	private final int length;

	private final int mark;

	private final int mask;

	ConnectionIdLayout(@Nullable ServerId serverId, int mark, int mask) {
		this.serverId = serverId;
		this.length = (serverId != null) ? serverId.length() + TAG_LENGTH : DEFAULT_LENGTH;
		this.mark = mark & MARK_BITS;
		// Odd, so that no two numbers have the same product
		this.mask = mask | 1;
	}

	/**
	 * Create the layout of a new run.
	 * @param serverId the id by which a load balancer finds the server, {@code null} for
	 * none
	 */
	public static ConnectionIdLayout create(@Nullable ServerId serverId) {
		SecureRandom random = new SecureRandom();
		return new ConnectionIdLayout(serverId, random.nextInt(), random.nextInt());
	}

	/**
	 * Return the length of each id.
	 */
	public int length() {
		return this.length;
	}

	/**
	 * Return how many random bytes an id is made of.
	 */
	public int randomLength() {
		return (this.serverId != null) ? 1 + this.serverId.nonceLength() : this.length - TAG_LENGTH;
	}

	/**
	 * Create an id.
	 * @param worker the index of the worker that has the connection
	 * @param random bytes that make the id another each time
	 */
	public ByteBuffer create(int worker, byte[] random) {
		ByteBuffer id = ByteBuffer.allocate(this.length);
		if (this.serverId != null) {
			this.serverId.write(id, random[0], Arrays.copyOfRange(random, 1, random.length));
		}
		else {
			id.put(random);
		}
		int tag = (worker << Short.SIZE | this.mark) ^ maskOf(id.getInt(maskIndex()));
		return id.put((byte) (tag >> Short.SIZE)).putShort((short) tag).flip();
	}

	/**
	 * Return the index of the worker that has given an id out.
	 * @param packet a packet, which must be as long as the id at least
	 * @param index where the id begins, as long as ours are
	 * @return the index, {@link #UNKNOWN} if the id is not of this run
	 */
	public int worker(ByteBuf packet, int index) {
		int tagIndex = index + this.length - TAG_LENGTH;
		int tag = packet.getUnsignedMedium(tagIndex) ^ maskOf(packet.getInt(tagIndex - Integer.BYTES));
		return ((tag & MARK_BITS) == this.mark) ? tag >> Short.SIZE : UNKNOWN;
	}

	/**
	 * Return whether an id was given out by this run.
	 */
	public boolean isOwn(ByteBuffer id) {
		int end = id.limit();
		return id.remaining() == this.length
				&& ((id.getShort(end - Short.BYTES) ^ maskOf(id.getInt(id.position() + maskIndex())) ^ this.mark)
						& MARK_BITS) == 0;
	}

	private int maskOf(int random) {
		return random * this.mask >>> TAG_SHIFT;
	}

	/**
	 * Return where in an id the bytes are that the mask follows from.
	 */
	int maskIndex() {
		return this.length - TAG_LENGTH - Integer.BYTES;
	}

	/**
	 * Return where in an id the masked worker stands.
	 */
	int workerIndex() {
		return this.length - TAG_LENGTH;
	}

	int mask() {
		return this.mask;
	}

}
