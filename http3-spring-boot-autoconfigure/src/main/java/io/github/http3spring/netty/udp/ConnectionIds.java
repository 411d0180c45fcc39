package io.github.http3spring.netty.udp;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;

import io.github.http3spring.netty.routing.ConnectionIdLayout;
import io.github.http3spring.netty.stack.QuicheAccess;
import io.github.http3spring.netty.tls.Hmac;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionIdGenerator;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/**
 * Gives out connection ids, and lets the codec forget those that a client has retired
 * (RFC 9000 section 5.1.2). The codec cannot: what quiche tells it of them is read after
 * it was freed (quiche issue 2509). A late packet with a retired id would reach quiche,
 * which closes the connection for it, and the ids would be kept for good. Confined to the
 * event loop of the socket.
 */
public final class ConnectionIds implements QuicConnectionIdGenerator {

	/**
	 * Ids that are remembered for a connection: as many as a client may be given, and
	 * some that were retired without being seen.
	 */
	static final int MAX_IDS = 128;

	private static final AttributeKey<Deque<ByteBuffer>> IDS = AttributeKey.valueOf(ConnectionIds.class, "ids");

	private final ConnectionIdLayout layout;

	private final int worker;

	private final Function<ByteBuffer, @Nullable QuicChannel> connections;

	private final Hmac random = Hmac.withRandomKey();

	private long serial;

	/**
	 * Create a generator.
	 * @param layout the layout of the ids
	 * @param worker the index of the worker that has the connections
	 * @param connections finds the connection of an id
	 */
	public ConnectionIds(ConnectionIdLayout layout, int worker,
			Function<ByteBuffer, @Nullable QuicChannel> connections) {
		this.layout = layout;
		this.worker = worker;
		this.connections = connections;
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Not called by a server, which always knows what to derive an id from.
	 */
	@Override
	public ByteBuffer newId(int length) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Return the first id of a connection, the same one for each copy of its first
	 * packet.
	 */
	@Override
	public ByteBuffer newId(ByteBuffer sourceId, ByteBuffer destinationId, int length) {
		return create(destinationId);
	}

	/**
	 * Return one more id of a connection, one that no connection has. The codec asks when
	 * the handshake is done until the client has as many as it wants, and once more for
	 * each one that the client has retired.
	 * @param used the id that the client uses
	 * @param length the length of the id
	 */
	@Override
	public ByteBuffer newId(ByteBuffer used, int length) {
		ByteBuffer input = ByteBuffer.allocate(used.remaining() + Long.BYTES).put(used.duplicate());
		ByteBuffer id;
		do {
			id = create(input.duplicate().putLong(this.serial++).flip());
		}
		while (this.connections.apply(id.duplicate()) != null);
		QuicChannel channel = this.connections.apply(used.duplicate());
		if (channel != null) {
			Deque<ByteBuffer> ids = ids(channel, used);
			forgetOldest(channel, ids, used);
			ids.add(id.duplicate());
		}
		return id;
	}

	private ByteBuffer create(ByteBuffer input) {
		return this.layout.create(this.worker, this.random.sign(this.layout.randomLength(), input));
	}

	private static Deque<ByteBuffer> ids(QuicChannel channel, ByteBuffer used) {
		Deque<ByteBuffer> ids = channel.attr(IDS).get();
		if (ids == null) {
			ids = new ArrayDeque<>(2);
			ids.add(used.duplicate());
			channel.attr(IDS).set(ids);
		}
		return ids;
	}

	/**
	 * Forget the oldest id, unless the client still uses it. Which one was retired is not
	 * known: clients take ids in their order and retire the one that they have left. One
	 * that was tried in vain and retired is newer than the one in use.
	 */
	private static void forgetOldest(QuicChannel channel, Deque<ByteBuffer> ids, ByteBuffer used) {
		if (!ids.getFirst().equals(used)) {
			QuicheAccess.forget(channel, ids.removeFirst());
		}
		else if (ids.size() >= MAX_IDS) {
			ids.removeFirst();
			QuicheAccess.forget(channel, ids.removeFirst());
			ids.addFirst(used.duplicate());
		}
	}

	@Override
	public int maxConnectionIdLength() {
		return this.layout.length();
	}

	@Override
	public boolean isIdempotent() {
		return true;
	}

}
