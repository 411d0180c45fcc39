package io.github.http3spring.netty;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.PromiseNotifier;

/**
 * Lets a socket for all addresses answer from the address that was asked. The system
 * chooses another by the way to the client if the host has several, and Netty cannot tell
 * it which (IP_PKTINFO). So each address that the system would not choose gets a socket
 * of its own on the same port and event loop, when it is asked for the first time, and
 * what arrives there goes through the one pipeline.
 * <p>
 * Stands next to the socket, and is confined to its event loop. Costs something for the
 * first packets of connections, and nothing per packet otherwise.
 */
final class AskedAddresses extends ChannelDuplexHandler {

	/**
	 * Most addresses with a socket of their own.
	 */
	static final int MAX_ADDRESSES = 64;

	/**
	 * Most clients of such addresses that are remembered; each packet that they send
	 * brings them back.
	 */
	private static final int MAX_CLIENTS = 16_384;

	private static final int MAX_WAITING = 64;

	private final Consumer<DatagramChannel> preparation;

	private final Map<InetAddress, Channel> sockets = new HashMap<>();

	private final Map<InetAddress, Queue<DatagramPacket>> opening = new HashMap<>();

	private final Set<Channel> written = new HashSet<>();

	private final Map<InetSocketAddress, Channel> clients = new LinkedHashMap<>(16, 0.75f, true) {

		@Override
		protected boolean removeEldestEntry(Map.Entry<InetSocketAddress, Channel> eldest) {
			return size() > MAX_CLIENTS;
		}

	};

	private AskedAddresses(Consumer<DatagramChannel> preparation) {
		this.preparation = preparation;
	}

	/**
	 * Prepare a socket that is about to be bound to all addresses.
	 * @param channel the socket
	 * @param preparation prepares a further socket
	 */
	static void applyTo(DatagramChannel channel, Consumer<DatagramChannel> preparation) {
		if (isPossible(channel)) {
			channel.config().setOption(EpollChannelOption.IP_RECVORIGDSTADDR, true);
			channel.pipeline().addFirst(new AskedAddresses(preparation));
		}
	}

	/**
	 * Return whether a socket can tell which address was asked.
	 */
	static boolean isPossible(Channel channel) {
		return UdpTransport.isEpoll(channel);
	}

	/**
	 * Netty does not tell which address was asked if it is one of IPv6. Those that the
	 * system would not choose are known beforehand, as far as they are. A customizer may
	 * have bound the socket to one address after all.
	 */
	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		if (((DatagramChannel) ctx.channel()).localAddress().getAddress().isAnyLocalAddress()) {
			UnansweredAddresses.find().stream().limit(MAX_ADDRESSES).forEach((address) -> open(ctx, address));
		}
		else {
			ctx.pipeline().remove(this);
		}
		ctx.fireChannelActive();
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		this.sockets.values().stream().filter((socket) -> socket != ctx.channel()).forEach(Channel::close);
		this.opening.values().forEach((packets) -> packets.forEach(DatagramPacket::release));
		this.opening.clear();
		ctx.fireChannelInactive();
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (msg instanceof DatagramPacket packet && PacketHeader.isLong(packet.content())
				&& needsSocket(packet.recipient().getAddress(), packet.sender().getAddress())) {
			InetAddress asked = packet.recipient().getAddress();
			if (!this.opening.containsKey(asked)) {
				open(ctx, asked);
			}
			Queue<DatagramPacket> waiting = this.opening.get(asked);
			if (waiting != null && waiting.size() < MAX_WAITING) {
				waiting.add(packet);
			}
			else {
				packet.release();
			}
			return;
		}
		ctx.fireChannelRead(msg);
	}

	private boolean needsSocket(InetAddress asked, InetAddress client) {
		if (asked.isAnyLocalAddress() || this.sockets.containsKey(asked)) {
			return false;
		}
		if (this.opening.containsKey(asked)) {
			return true;
		}
		try {
			return this.sockets.size() + this.opening.size() < MAX_ADDRESSES
					&& !UnansweredAddresses.source(client).equals(asked);
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Open a socket. The one for all addresses allows it for that moment only, since it
	 * must not share its port with another server.
	 */
	private void open(ChannelHandlerContext ctx, InetAddress address) {
		DatagramChannel all = (DatagramChannel) ctx.channel();
		this.opening.put(address, new ArrayDeque<>());
		all.config().setReuseAddress(true);
		ChannelFuture bound = new Bootstrap().group(all.eventLoop())
			.channel(EpollDatagramChannel.class)
			.option(ChannelOption.SO_REUSEADDR, true)
			.option(ChannelOption.ALLOCATOR, all.alloc())
			.option(ChannelOption.RCVBUF_ALLOCATOR, all.config().getRecvByteBufAllocator())
			.handler(new Receiver(ctx))
			.bind(address, all.localAddress().getPort());
		bound.addListener((future) -> opened(ctx, address, bound));
	}

	private void opened(ChannelHandlerContext ctx, InetAddress address, ChannelFuture bound) {
		Queue<DatagramPacket> waiting = this.opening.remove(address);
		if (waiting == null) {
			bound.channel().close();
			return;
		}
		if (this.opening.isEmpty()) {
			((DatagramChannel) ctx.channel()).config().setReuseAddress(false);
		}
		DatagramChannel socket = (DatagramChannel) (bound.isSuccess() ? bound.channel() : ctx.channel());
		this.sockets.put(address, socket);
		if (bound.isSuccess()) {
			socket.config().setReuseAddress(false);
			this.preparation.accept(socket);
		}
		for (DatagramPacket packet : waiting) {
			if (bound.isSuccess()) {
				this.clients.put(packet.sender(), socket);
			}
			ctx.fireChannelRead(packet);
		}
		ctx.fireChannelReadComplete();
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
		Channel socket = (!this.clients.isEmpty() && msg instanceof DatagramPacket packet)
				? this.clients.get(packet.recipient()) : null;
		if (socket == null) {
			ctx.write(msg, promise);
			return;
		}
		this.written.add(socket);
		socket.write(msg).addListener(new PromiseNotifier<>(false, promise.unvoid()));
	}

	@Override
	public void flush(ChannelHandlerContext ctx) {
		if (!this.written.isEmpty()) {
			Set<Channel> sockets = Set.copyOf(this.written);
			this.written.clear();
			sockets.forEach(Channel::flush);
		}
		ctx.flush();
	}

	/**
	 * Hands on what arrives at one address.
	 */
	private final class Receiver extends ChannelInboundHandlerAdapter {

		private final ChannelHandlerContext all;

		Receiver(ChannelHandlerContext all) {
			this.all = all;
		}

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object msg) {
			AskedAddresses.this.clients.put(((DatagramPacket) msg).sender(), ctx.channel());
			this.all.fireChannelRead(msg);
		}

		@Override
		public void channelReadComplete(ChannelHandlerContext ctx) {
			this.all.fireChannelReadComplete();
		}

	}

}
