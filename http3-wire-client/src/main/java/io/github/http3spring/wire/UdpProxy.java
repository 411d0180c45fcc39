package io.github.http3spring.wire;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;

/**
 * Forwards datagrams between clients and a server over loopback, and loses, delays and
 * reorders them on demand. Which ones follows from the seed and the order of the
 * datagrams in each direction.
 * <p>
 * Everything happens on one event loop of its own; methods may be called from any thread,
 * and settings hold for datagrams that arrive after the call.
 */
public final class UdpProxy implements AutoCloseable {

	private static final int SOCKET_BUFFER = 4 << 20;

	private static final int MAX_CLIENTS = 1024;

	private final EventLoopGroup group = EventLoops.create(1, "udp-proxy");

	private final EventLoop eventLoop = this.group.next();

	private final DatagramTrace trace = new DatagramTrace();

	private final UdpLink toServer;

	private final UdpLink toClient;

	private final Channel front;

	/** Confined to the event loop, least recently used first. */
	private final Map<InetSocketAddress, Upstream> upstreams = new LinkedHashMap<>(16, 0.75f, true);

	private volatile InetSocketAddress target;

	private UdpProxy(InetSocketAddress target, long seed) {
		this.target = target;
		this.toServer = new UdpLink(Direction.TO_SERVER, this.eventLoop, this.trace, seed);
		this.toClient = new UdpLink(Direction.TO_CLIENT, this.eventLoop, this.trace, ~seed);
		this.front = bind(new FromClients()).syncUninterruptibly().channel();
	}

	/**
	 * Start a proxy.
	 * @param target the address of the server
	 * @return the proxy, which forwards everything at once until told otherwise
	 */
	public static UdpProxy to(InetSocketAddress target) {
		return to(target, 0);
	}

	/**
	 * Start a proxy.
	 * @param target the address of the server
	 * @param seed the seed of everything random
	 * @return the proxy, which forwards everything at once until told otherwise
	 */
	public static UdpProxy to(InetSocketAddress target, long seed) {
		return new UdpProxy(target, seed);
	}

	/**
	 * Return the address that clients connect to.
	 * @return the loopback address of the proxy
	 */
	public InetSocketAddress address() {
		return (InetSocketAddress) this.front.localAddress();
	}

	/**
	 * Lose datagrams.
	 * @param direction the direction
	 * @param rate the probability, 0 to 1
	 */
	public void drop(Direction direction, double rate) {
		link(direction).drop(rate);
	}

	/**
	 * Lose the next datagrams, regardless of the rate.
	 * @param direction the direction
	 * @param count how many
	 */
	public void dropNext(Direction direction, int count) {
		link(direction).dropNext(count);
	}

	/**
	 * Lose every datagram, those that are delayed right now too.
	 * @param direction the direction
	 */
	public void dropAll(Direction direction) {
		link(direction).maxSize(UdpLink.NOTHING);
	}

	/**
	 * Lose every datagram that is larger than the path carries, those that are delayed
	 * right now too, and tell nobody.
	 * @param direction the direction
	 * @param bytes the UDP payload of the largest datagram that goes on
	 */
	public void dropLarger(Direction direction, int bytes) {
		link(direction).maxSize(bytes);
	}

	/**
	 * Delay datagrams. Jitter alone doesn't reorder them.
	 * @param direction the direction
	 * @param delay the least delay
	 * @param jitter how much a random delay adds at most
	 */
	public void delay(Direction direction, Duration delay, Duration jitter) {
		link(direction).delay(delay, jitter);
	}

	/**
	 * Hold datagrams back so that later ones overtake them.
	 * @param direction the direction
	 * @param rate the probability, 0 to 1
	 */
	public void reorder(Direction direction, double rate) {
		link(direction).reorder(rate);
	}

	/**
	 * Forward everything at once again.
	 * @param direction the direction
	 */
	public void pass(Direction direction) {
		link(direction).pass();
	}

	/**
	 * Return how many datagrams were forwarded.
	 * @param direction the direction
	 * @return the number since the start
	 */
	public long forwarded(Direction direction) {
		return link(direction).forwarded();
	}

	/**
	 * Return how many datagrams were lost, on demand or because too many were delayed.
	 * @param direction the direction
	 * @return the number since the start
	 */
	public long dropped(Direction direction) {
		return link(direction).dropped();
	}

	/**
	 * Return how many datagrams are delayed right now.
	 * @param direction the direction
	 * @return the number
	 */
	public int pending(Direction direction) {
		return link(direction).pending();
	}

	/**
	 * Return what became of the datagrams, both directions together. Old ones are
	 * forgotten after some 16,000.
	 * @return the datagrams in the order in which they went on or were lost
	 */
	public List<ProxiedDatagram> trace() {
		return this.trace.snapshot();
	}

	/**
	 * Send from new ports, as a NAT does that lost its bindings: what the server sends to
	 * the old ones is lost. While the client has nothing to send, the server can't learn
	 * of the new ones. Blocks until it is done.
	 */
	public void rebind() {
		rebind(Duration.ZERO);
	}

	/**
	 * Send from new ports, but still forward for a while what the server sends to the old
	 * ones.
	 * @param linger how long the old ports are of use
	 */
	public void rebind(Duration linger) {
		CompletableFuture.runAsync(() -> this.upstreams.replaceAll((client, old) -> {
			// Opened before the other is closed, so that the port is another.
			Upstream upstream = new Upstream(client, old.server);
			this.eventLoop.schedule(old::close, linger.toNanos(), TimeUnit.NANOSECONDS);
			return upstream;
		}), this.eventLoop).join();
	}

	/**
	 * Forward the datagrams of clients that are new to another server.
	 * @param target the address of the server
	 */
	public void retarget(InetSocketAddress target) {
		this.target = target;
	}

	/**
	 * Close all sockets. Blocks until the thread has ended.
	 */
	@Override
	public void close() {
		CompletableFuture.runAsync(() -> {
			this.toServer.close();
			this.toClient.close();
		}, this.eventLoop).join();
		this.group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
	}

	private UdpLink link(Direction direction) {
		return (direction == Direction.TO_SERVER) ? this.toServer : this.toClient;
	}

	private ChannelFuture bind(ChannelHandler handler) {
		return new Bootstrap().group(this.eventLoop)
			.channel(NioDatagramChannel.class)
			.option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER)
			.option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER)
			.handler(handler)
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
	}

	private Upstream upstream(InetSocketAddress client) {
		Upstream upstream = this.upstreams.computeIfAbsent(client, (address) -> new Upstream(address, this.target));
		if (this.upstreams.size() > MAX_CLIENTS) {
			Iterator<Upstream> eldest = this.upstreams.values().iterator();
			eldest.next().close();
			eldest.remove();
		}
		return upstream;
	}

	/**
	 * Takes what clients send.
	 */
	private final class FromClients extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object msg) {
			DatagramPacket packet = (DatagramPacket) msg;
			InetSocketAddress client = packet.sender();
			// Where to is decided on departure, after a rebind maybe.
			UdpProxy.this.toServer.take(packet.content(), (datagram) -> upstream(client).send(datagram));
		}

	}

	/**
	 * The socket that stands for a client towards the server.
	 */
	private final class Upstream extends ChannelInboundHandlerAdapter {

		private final InetSocketAddress client;

		private final InetSocketAddress server;

		private final ChannelFuture bound;

		Upstream(InetSocketAddress client, InetSocketAddress server) {
			this.client = client;
			this.server = server;
			this.bound = bind(this);
		}

		void send(ByteBuf datagram) {
			// A socket that sends before it is bound gets another address.
			this.bound
				.addListener((future) -> this.bound.channel().writeAndFlush(new DatagramPacket(datagram, this.server)));
		}

		void close() {
			this.bound.channel().close();
		}

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object msg) {
			UdpProxy.this.toClient.take(((DatagramPacket) msg).content(),
					(datagram) -> UdpProxy.this.front.writeAndFlush(new DatagramPacket(datagram, this.client)));
		}

	}

}
