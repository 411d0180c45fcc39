package io.github.http3spring.netty.udp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

import io.github.http3spring.netty.settings.QuicSettings.AddressValidation;
import io.github.http3spring.netty.tls.Hmac;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.incubator.codec.quic.Quic;
import io.netty.incubator.codec.quic.QuicTokenHandler;

/**
 * Decides which clients have to prove that they own their address before anything is kept
 * of them, and checks the token that proves it (RFC 9000 section 8.1.2). All sockets of a
 * server have the same key. Asked for the first packet of a connection only, on the event
 * loop of the socket.
 * <p>
 * A token is a mark, the time of its issue and a MAC over that, the address and the
 * connection id that the client chose first, which follows and is what the codec wants
 * back. By the mark a token of a Retry packet that is not good any more, because it is
 * too old or of another server, is told from what another kind of server has given to its
 * clients for their next connection.
 */
public final class AddressValidator implements QuicTokenHandler {

	/**
	 * Number of handshakes under way from which on addresses are validated adaptively.
	 */
	public static final int MAX_PENDING_HANDSHAKES = 100;

	/**
	 * Time for which a token is good: the client sends it back at once.
	 */
	static final Duration LIFETIME = Duration.ofSeconds(10);

	private static final int MARK = 0x68_33_52_54;

	private static final int MAC_LENGTH = 16;

	private static final int PREFIX_LENGTH = Integer.BYTES + Long.BYTES + MAC_LENGTH;

	private static final int INVALID = -1;

	private final AddressValidation mode;

	private final IntSupplier pendingHandshakes;

	private final LongSupplier nanoTime;

	private final Hmac hmac;

	private boolean used;

	private boolean required;

	/**
	 * Create a validator.
	 * @param mode when to validate
	 * @param hmac signs tokens
	 * @param pendingHandshakes the number of handshakes that are under way
	 * @param nanoTime the clock
	 */
	public AddressValidator(AddressValidation mode, Hmac hmac, IntSupplier pendingHandshakes, LongSupplier nanoTime) {
		this.mode = mode;
		this.hmac = hmac;
		this.pendingHandshakes = pendingHandshakes;
		this.nanoTime = nanoTime;
	}

	@Override
	public boolean writeToken(ByteBuf out, ByteBuf dcid, InetSocketAddress address) {
		if (!isRequired()) {
			return false;
		}
		long now = this.nanoTime.getAsLong();
		byte[] connectionId = ByteBufUtil.getBytes(dcid);
		out.writeInt(MARK).writeLong(now).writeBytes(mac(now, address, connectionId)).writeBytes(connectionId);
		return true;
	}

	/**
	 * Let a client prove its address in any mode.
	 * @param firstPacket lets the codec process its first packet
	 */
	void require(Runnable firstPacket) {
		this.required = true;
		try {
			firstPacket.run();
		}
		finally {
			this.required = false;
		}
	}

	private boolean isRequired() {
		return this.required || switch (this.mode) {
			case NEVER -> false;
			case ADAPTIVE -> this.pendingHandshakes.getAsInt() >= MAX_PENDING_HANDSHAKES;
			case ALWAYS -> true;
		};
	}

	@Override
	public int validateToken(ByteBuf token, InetSocketAddress address) {
		return (judge(token.nioBuffer(), address) == Token.VALID) ? PREFIX_LENGTH : INVALID;
	}

	/**
	 * Judge a token.
	 * @param token the token, not empty
	 * @param address the address that it comes from
	 */
	Token judge(ByteBuffer token, InetSocketAddress address) {
		int start = token.position();
		if (token.remaining() <= PREFIX_LENGTH || token.getInt(start) != MARK) {
			return Token.UNKNOWN;
		}
		long issued = token.getLong(start + Integer.BYTES);
		long age = this.nanoTime.getAsLong() - issued;
		byte[] actual = new byte[MAC_LENGTH];
		token.get(start + Integer.BYTES + Long.BYTES, actual);
		byte[] connectionId = new byte[token.remaining() - PREFIX_LENGTH];
		token.get(start + PREFIX_LENGTH, connectionId);
		boolean valid = age >= 0 && age <= LIFETIME.toNanos()
				&& MessageDigest.isEqual(mac(issued, address, connectionId), actual);
		return valid ? Token.VALID : Token.INVALID;
	}

	private byte[] mac(long issued, InetSocketAddress address, byte[] connectionId) {
		byte[] ip = address.getAddress().getAddress();
		ByteBuffer head = ByteBuffer.allocate(Long.BYTES + Integer.BYTES + 1);
		head.putLong(issued).putInt(address.getPort()).put((byte) ip.length).flip();
		return this.hmac.sign(MAC_LENGTH, head, ByteBuffer.wrap(ip), ByteBuffer.wrap(connectionId));
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * The codec asks when it is set up.
	 */
	@Override
	public int maxTokenLength() {
		this.used = true;
		return PREFIX_LENGTH + Quic.MAX_CONN_ID_LEN;
	}

	/**
	 * Return whether it is this that the codec asks: a customizer may have chosen
	 * another, whose tokens nobody else knows.
	 */
	boolean isUsed() {
		return this.used;
	}

	/**
	 * What a token proves.
	 */
	enum Token {

		/**
		 * That the client owns its address.
		 */
		VALID,

		/**
		 * That the client has followed a Retry packet, of which it takes only one (RFC
		 * 9000 section 17.2.5.2), and cannot go on.
		 */
		INVALID,

		/**
		 * Nothing. It may be of another server, and the client is as good as one without
		 * a token (RFC 9000 section 8.1.3).
		 */
		UNKNOWN

	}

}
