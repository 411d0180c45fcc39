package io.github.http3spring.netty.udp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import org.jspecify.annotations.Nullable;

/**
 * Sends no more than three times what was received to an address whose owner has not
 * shown that he is there (RFC 9000 section 8.1): it may be the forged one of a victim.
 * quiche has this limit too, but does not count what it pads datagrams with, again with
 * each probe. What is beyond the limit is lost, and QUIC sends it again.
 * <p>
 * Holds as many addresses as there are connections. Costs nothing per packet while all of
 * them are validated, and otherwise one look-up for what is sent, and for packets of
 * handshakes that are received. Stands next to the socket, so that everything that is
 * sent is counted, and is confined to its event loop.
 */
public final class AmplificationLimit extends ChannelDuplexHandler {

	/**
	 * Smallest datagram that an Initial packet may come in (RFC 9000 section 14.1), so
	 * that forging addresses costs an attacker something.
	 */
	static final int MIN_INITIAL_DATAGRAM = 1200;

	private static final int FACTOR = 3;

	private final Map<InetSocketAddress, Address> addresses = new HashMap<>();

	private int unvalidated;

	/**
	 * The datagram with a long header that is being processed.
	 */
	private @Nullable ByteBuf datagram;

	/**
	 * Take in the client of a connection whose first datagram is being processed.
	 * @param address the address of the client
	 * @param ids the connection ids that the client may use, including the one that it
	 * has chosen itself
	 */
	public Client opened(InetSocketAddress address, Set<ByteBuffer> ids) {
		Address added = add(address);
		ByteBuf first = this.datagram;
		if (added.connections == 1 && first != null) {
			added.received(first);
		}
		Set<ByteBuffer> proofs = new HashSet<>(ids);
		if (first != null) {
			proofs.remove(PacketHeader.destinationId(first));
		}
		if (proofs.isEmpty()) {
			// The client uses an id of ours already, which it has from a Retry packet
			validated(added);
		}
		else if (!added.validated) {
			added.proofs.addAll(proofs);
		}
		return new Client(address, proofs);
	}

	private Address add(InetSocketAddress client) {
		Address address = this.addresses.computeIfAbsent(client, (key) -> {
			this.unvalidated++;
			return new Address();
		});
		address.connections++;
		return address;
	}

	private void validated(Address address) {
		if (!address.validated) {
			address.validated = true;
			// Of as many addresses as there are connections
			address.proofs = Set.of();
			this.unvalidated--;
		}
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (!(msg instanceof DatagramPacket packet) || !PacketHeader.isLong(packet.content())) {
			ctx.fireChannelRead(msg);
			return;
		}
		ByteBuf content = packet.content();
		if (content.readableBytes() < MIN_INITIAL_DATAGRAM && PacketHeader.mayOpenConnection(content)) {
			packet.release();
			return;
		}
		Address address = (this.unvalidated > 0) ? this.addresses.get(packet.sender()) : null;
		if (address != null && !address.validated) {
			address.received(content);
			if (address.proofs.contains(PacketHeader.destinationId(content))) {
				validated(address);
			}
		}
		this.datagram = content;
		try {
			ctx.fireChannelRead(msg);
		}
		finally {
			this.datagram = null;
		}
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
		Address address = (this.unvalidated > 0 && msg instanceof DatagramPacket packet)
				? this.addresses.get(packet.recipient()) : null;
		if (address == null || address.validated) {
			ctx.write(msg, promise);
			return;
		}
		DatagramPacket packet = (DatagramPacket) msg;
		DatagramPacket allowed = SegmentationOffload.limit(packet, address.left);
		if (allowed == null) {
			packet.release();
			promise.trySuccess();
			return;
		}
		address.left -= allowed.content().readableBytes();
		ctx.write(allowed, promise);
	}

	/**
	 * The client of one connection.
	 */
	public final class Client {

		private final List<ByteBuffer> proofs;

		private InetSocketAddress address;

		private Client(InetSocketAddress address, Set<ByteBuffer> proofs) {
			this.address = address;
			this.proofs = List.copyOf(proofs);
		}

		/**
		 * Return whether the client has shown that it owns its address.
		 */
		public boolean isValidated() {
			Address current = AmplificationLimit.this.addresses.get(this.address);
			return current != null && current.validated;
		}

		/**
		 * Note that the client has shown to own another address, and uses that from now
		 * on.
		 */
		public void moved(InetSocketAddress address) {
			validated(add(address));
			closed();
			this.address = address;
		}

		/**
		 * Note that the connection has ended.
		 */
		public void closed() {
			Address current = AmplificationLimit.this.addresses.get(this.address);
			if (current == null) {
				return;
			}
			if (!current.validated) {
				this.proofs.forEach(current.proofs::remove);
			}
			if (--current.connections == 0) {
				validated(current);
				AmplificationLimit.this.addresses.remove(this.address);
			}
		}

	}

	/**
	 * An address with connections.
	 */
	private static final class Address {

		/**
		 * Connection ids that were sent to the address and can be known to its owner
		 * alone.
		 */
		private Set<ByteBuffer> proofs = new HashSet<>();

		private int connections;

		private boolean validated;

		/**
		 * Bytes that may be sent.
		 */
		private long left;

		void received(ByteBuf datagram) {
			this.left += (long) FACTOR * datagram.readableBytes();
		}

	}

}
