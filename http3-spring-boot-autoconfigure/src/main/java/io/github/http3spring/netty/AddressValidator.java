package io.github.http3spring.netty;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

import io.github.http3spring.netty.QuicSettings.AddressValidation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.incubator.codec.quic.Quic;
import io.netty.incubator.codec.quic.QuicTokenHandler;

/**
 * Decides which clients have to prove that they own their address before anything is kept
 * of them, and checks the token that proves it (RFC 9000 section 8.1.2). The key is new
 * for each socket. Asked for the first packet of a connection only, on the event loop of
 * the socket.
 * <p>
 * A token is the time of its issue and a MAC over that, the address and the connection id
 * that the client chose first, which follows and is what the codec wants back.
 */
final class AddressValidator implements QuicTokenHandler {

	/**
	 * Number of handshakes under way from which on addresses are validated adaptively.
	 */
	static final int MAX_PENDING_HANDSHAKES = 100;

	/**
	 * Time for which a token is good: the client sends it back at once.
	 */
	static final Duration LIFETIME = Duration.ofSeconds(10);

	private static final int MAC_LENGTH = 16;

	private static final int PREFIX_LENGTH = Long.BYTES + MAC_LENGTH;

	private static final int INVALID = -1;

	private final AddressValidation mode;

	private final IntSupplier pendingHandshakes;

	private final LongSupplier nanoTime;

	private final Hmac hmac = Hmac.withRandomKey();

	/**
	 * Create a validator.
	 * @param mode when to validate
	 * @param pendingHandshakes the number of handshakes that are under way
	 * @param nanoTime the clock
	 */
	AddressValidator(AddressValidation mode, IntSupplier pendingHandshakes, LongSupplier nanoTime) {
		this.mode = mode;
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
		out.writeLong(now).writeBytes(mac(now, address, connectionId)).writeBytes(connectionId);
		return true;
	}

	private boolean isRequired() {
		return switch (this.mode) {
			case NEVER -> false;
			case ADAPTIVE -> this.pendingHandshakes.getAsInt() >= MAX_PENDING_HANDSHAKES;
			case ALWAYS -> true;
		};
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Whoever comes with a token that is not ours is not let in whatever the mode: the
	 * codec takes every token that is not refused for the proof of an address, and lets
	 * go of the limit to what is sent there (RFC 9000 section 8.1).
	 */
	@Override
	public int validateToken(ByteBuf token, InetSocketAddress address) {
		if (token.readableBytes() <= PREFIX_LENGTH) {
			return INVALID;
		}
		int start = token.readerIndex();
		long issued = token.getLong(start);
		long age = this.nanoTime.getAsLong() - issued;
		if (age < 0 || age > LIFETIME.toNanos()) {
			return INVALID;
		}
		byte[] actual = ByteBufUtil.getBytes(token, start + Long.BYTES, MAC_LENGTH);
		byte[] connectionId = ByteBufUtil.getBytes(token, start + PREFIX_LENGTH, token.readableBytes() - PREFIX_LENGTH);
		return MessageDigest.isEqual(mac(issued, address, connectionId), actual) ? PREFIX_LENGTH : INVALID;
	}

	private byte[] mac(long issued, InetSocketAddress address, byte[] connectionId) {
		byte[] ip = address.getAddress().getAddress();
		ByteBuffer head = ByteBuffer.allocate(Long.BYTES + Integer.BYTES + 1);
		head.putLong(issued).putInt(address.getPort()).put((byte) ip.length).flip();
		return this.hmac.sign(MAC_LENGTH, head, ByteBuffer.wrap(ip), ByteBuffer.wrap(connectionId));
	}

	@Override
	public int maxTokenLength() {
		return PREFIX_LENGTH + Quic.MAX_CONN_ID_LEN;
	}

}
