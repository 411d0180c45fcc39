package io.github.http3spring.netty.udp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.PromiseNotifier;
import org.jspecify.annotations.Nullable;

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
public final class AskedAddresses extends ChannelDuplexHandler {

	/**
	 * Most addresses with a socket of their own.
	 */
	static final int MAX_ADDRESSES = 64;

	/**
	 * Most clients of such addresses that are remembered; each packet that they send
	 * brings them back.
	 */
	private static final int MAX_CLIENTS = 16_384;

	private final Consumer<DatagramChannel> preparation;

	private final SharedAddresses shared;

	private final Map<InetAddress, Channel> sockets = new HashMap<>();

	private final Set<Channel> written = new HashSet<>();

	private final Map<InetSocketAddress, Channel> clients = new LinkedHashMap<>(16, 0.75f, true) {

		@Override
		protected boolean removeEldestEntry(Map.Entry<InetSocketAddress, Channel> eldest) {
			return size() > MAX_CLIENTS;
		}

	};

	private final AnsweringAddresses answering = new AnsweringAddresses(UnansweredAddresses.locals(),
			UnansweredAddresses::source, System::nanoTime);

	private @Nullable Consumer<InetAddress> membership;

	private AskedAddresses(SharedAddresses shared, Consumer<DatagramChannel> preparation) {
		this.shared = shared;
		this.preparation = preparation;
	}

	/**
	 * Prepare a socket that is about to be bound to all addresses.
	 * @param channel the socket
	 * @param shared knows the addresses of all workers
	 * @param preparation prepares a further socket
	 */
	public static void applyTo(DatagramChannel channel, SharedAddresses shared, Consumer<DatagramChannel> preparation) {
		if (isPossible(channel)) {
			channel.config().setOption(EpollChannelOption.IP_RECVORIGDSTADDR, true);
			channel.pipeline().addFirst(new AskedAddresses(shared, preparation));
		}
	}

	/**
	 * Return whether a socket can tell which address was asked.
	 */
	public static boolean isPossible(Channel channel) {
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
			this.membership = (address) -> ctx.executor().execute(() -> openIfMissing(ctx, address));
			this.shared.join(this.membership);
		}
		else {
			ctx.pipeline().remove(this);
		}
		ctx.fireChannelActive();
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		if (this.membership != null) {
			this.shared.leave(this.membership);
		}
		this.sockets.values().stream().filter((socket) -> socket != ctx.channel()).forEach(Channel::close);
		ctx.fireChannelInactive();
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (msg instanceof DatagramPacket packet && PacketHeader.isLong(packet.content())) {
			Channel socket = socket(ctx, packet.recipient().getAddress(), packet.sender().getAddress());
			if (socket != ctx.channel()) {
				this.clients.put(packet.sender(), socket);
			}
		}
		ctx.fireChannelRead(msg);
	}

	/**
	 * Note which address was asked with a packet that has arrived at the sockets of
	 * another worker.
	 */
	void handedOn(DatagramPacket packet) {
		Channel socket = this.sockets.get(packet.recipient().getAddress());
		if (socket != null) {
			this.clients.put(packet.sender(), socket);
		}
	}

	private Channel socket(ChannelHandlerContext ctx, InetAddress asked, InetAddress client) {
		Channel socket = this.sockets.get(asked);
		if (socket != null) {
			return socket;
		}
		return needsSocket(asked, client) ? open(ctx, asked) : ctx.channel();
	}

	private void openIfMissing(ChannelHandlerContext ctx, InetAddress address) {
		if (ctx.channel().isActive() && !this.sockets.containsKey(address) && this.sockets.size() < MAX_ADDRESSES) {
			open(ctx, address);
		}
	}

	private boolean needsSocket(InetAddress asked, InetAddress client) {
		return !asked.isAnyLocalAddress() && this.sockets.size() < MAX_ADDRESSES
				&& !this.answering.include(asked, client);
	}

	/**
	 * Open a socket, at once: both it and the one for all addresses allow another socket
	 * on their port while the system binds it and no longer, since they must not share it
	 * with another server.
	 * @return the socket, the one for all addresses if that has failed
	 */
	private Channel open(ChannelHandlerContext ctx, InetAddress address) {
		EpollDatagramChannel all = (EpollDatagramChannel) ctx.channel();
		EpollDatagramChannel socket = new EpollDatagramChannel();
		socket.config().setAllocator(all.alloc());
		socket.pipeline().addLast(new Receiver(ctx));
		all.eventLoop().register(socket);
		all.config().setReuseAddress(true);
		socket.config().setReuseAddress(true);
		// Other workers have sockets on the port too
		socket.config().setReusePort(all.config().isReusePort());
		ChannelFuture bound = socket.bind(new InetSocketAddress(address, all.localAddress().getPort()));
		socket.config().setReuseAddress(false);
		all.config().setReuseAddress(false);
		if (!bound.isSuccess()) {
			socket.close();
			this.sockets.put(address, all);
			return all;
		}
		this.preparation.accept(socket);
		this.sockets.put(address, socket);
		this.shared.opened(address);
		return socket;
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
