package io.github.http3spring.netty.path;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

import io.github.http3spring.netty.stack.QuicheAccess;
import io.github.http3spring.netty.udp.PacketHeader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/**
 * Lets connections survive a change of their client's address (RFC 9000 section 9), which
 * quiche's own handling of paths often does not: see {@link ClientPaths}. Handler of the
 * datagram channel that swaps addresses between the socket and the codec, confined to its
 * event loop. Costs a look-up per packet of another client than the last while nobody has
 * moved.
 */
public final class PeerAddresses extends ChannelDuplexHandler {

	private static final AttributeKey<KnownClient> CLIENT = AttributeKey.valueOf(PeerAddresses.class, "client");

	/**
	 * Clients by each address that they are known to send from.
	 */
	private final Map<InetSocketAddress, KnownClient> clients = new HashMap<>();

	/**
	 * Clients by the addresses of the paths that the codec sends on, of those clients
	 * alone that have moved.
	 */
	private final Map<InetSocketAddress, KnownClient> moved = new HashMap<>();

	/**
	 * The connection id of the datagram that is being processed.
	 */
	private final ByteBuffer id = PacketHeader.newIdBuffer();

	private final int idLength;

	private final int maxPaths;

	/**
	 * The client of the last packet: the next one is often its own too.
	 */
	private @Nullable KnownClient last;

	/**
	 * Create the handler of a socket.
	 * @param idLength the length of our connection ids
	 * @param maxPaths the number of paths that quiche keeps for each connection
	 */
	public PeerAddresses(int idLength, long maxPaths) {
		this.idLength = idLength;
		this.maxPaths = (int) Math.min(maxPaths, Integer.MAX_VALUE);
	}

	/**
	 * Return the address that a connection's packets are sent to.
	 */
	public static @Nullable SocketAddress of(QuicChannel channel) {
		KnownClient client = channel.attr(CLIENT).get();
		return (client != null) ? client.addresses().recipient() : channel.remoteSocketAddress();
	}

	/**
	 * Return the last address that a connection's client has shown to be its own.
	 */
	public static @Nullable SocketAddress validated(QuicChannel channel) {
		KnownClient client = channel.attr(CLIENT).get();
		return (client != null) ? client.addresses().validated() : channel.remoteSocketAddress();
	}

	/**
	 * Take in a connection whose first packet has arrived.
	 */
	public void add(QuicChannel channel) {
		if (!QuicheAccess.AVAILABLE || !(channel.remoteSocketAddress() instanceof InetSocketAddress address)) {
			return;
		}
		KnownClient known = this.clients.get(address);
		boolean same = known != null && known.addresses().home().equals(address);
		KnownClient client = same ? known : new KnownClient(address, this.maxPaths);
		client.connectionAdded();
		if (known != null && !same) {
			// A connection that has moved here shares the socket of this one
			client.share();
		}
		put(this.clients, address, client);
		channel.attr(CLIENT).set(client);
		channel.closeFuture().addListener((future) -> {
			if (client.connectionRemoved()) {
				this.last = null;
				client.names().forEach((name) -> {
					this.clients.remove(name, client);
					this.moved.remove(name, client);
				});
			}
		});
	}

	private static void put(Map<InetSocketAddress, KnownClient> map, InetSocketAddress name, KnownClient client) {
		map.put(name, client);
		client.addName(name);
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (!(msg instanceof DatagramPacket packet)) {
			ctx.fireChannelRead(msg);
			return;
		}
		if (isFromHome(packet.sender())) {
			ctx.fireChannelRead(msg);
			return;
		}
		QuicChannel channel = find(ctx, packet.content());
		KnownClient client = (channel != null) ? channel.attr(CLIENT).get() : null;
		if (client == null) {
			ctx.fireChannelRead(msg);
			return;
		}
		read(ctx, packet, client, channel);
	}

	private void read(ChannelHandlerContext ctx, DatagramPacket packet, KnownClient client, QuicChannel channel) {
		InetSocketAddress sender = packet.sender();
		InetSocketAddress path = client.paths().beforeRead(sender, packet.content().readableBytes(), channel);
		// Sent while the packet is read, and right after, is what belongs to its path
		put(this.moved, path, client);
		put(this.moved, client.addresses().home(), client);
		ctx.fireChannelRead(
				path.equals(sender) ? packet : new DatagramPacket(packet.content(), packet.recipient(), path));
		AddressChange change = client.paths().afterRead();
		if (client.addresses().contains(sender)) {
			put(this.clients, sender, client);
		}
		else if (!path.equals(client.addresses().home())) {
			this.moved.remove(path);
		}
		if (change != AddressChange.NONE) {
			channel.pipeline().fireUserEventTriggered(change);
		}
	}

	/**
	 * Return whether packets from an address are all of one client that has no other.
	 */
	private boolean isFromHome(InetSocketAddress sender) {
		if (this.last != null && this.last.isOnlyAt(sender)) {
			return true;
		}
		this.last = this.clients.get(sender);
		return this.last != null && this.last.isOnlyAt(sender);
	}

	/**
	 * Find the connection that a packet is for whose handshake is done.
	 */
	private @Nullable QuicChannel find(ChannelHandlerContext ctx, ByteBuf packet) {
		return (!PacketHeader.isLong(packet) && PacketHeader.copyDestinationId(packet, this.idLength, this.id))
				? QuicheAccess.find(ctx.pipeline(), this.id) : null;
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
		if (this.moved.isEmpty() || !(msg instanceof DatagramPacket packet)) {
			ctx.write(msg, promise);
			return;
		}
		KnownClient client = this.moved.get(packet.recipient());
		if (client == null) {
			ctx.write(msg, promise);
			return;
		}
		InetSocketAddress recipient = client.paths().recipient(packet.recipient(), packet.content().readableBytes());
		if (recipient == null && packet instanceof SegmentedDatagramPacket segmented) {
			// What quiche sends as a probe may be followed by much more
			ByteBuf content = packet.content();
			content.writerIndex(Math.min(content.writerIndex(), content.readerIndex() + 2 * segmented.segmentSize()));
			recipient = client.paths().recipient(packet.recipient(), content.readableBytes());
		}
		if (recipient == null) {
			// More than an address may get that may not be the client's: a loss to QUIC
			packet.release();
			promise.trySuccess();
			return;
		}
		ctx.write(recipient.equals(packet.recipient()) ? packet : to(recipient, packet), promise);
	}

	private static DatagramPacket to(InetSocketAddress recipient, DatagramPacket packet) {
		return (packet instanceof SegmentedDatagramPacket segmented)
				? new SegmentedDatagramPacket(packet.content(), segmented.segmentSize(), recipient)
				: new DatagramPacket(packet.content(), recipient);
	}

}
