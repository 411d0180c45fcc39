package io.github.http3spring.benchmarks.client;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.incubator.codec.http3.Http3;
import io.netty.incubator.codec.http3.Http3ClientConnectionHandler;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicChannelBootstrap;
import io.netty.incubator.codec.quic.QuicSslContext;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import org.jspecify.annotations.Nullable;
import reactor.netty.resources.LoopResources;

/**
 * Opens QUIC connections, each with a socket of its own or all with one.
 */
public final class Http3Client implements Client {

	private static final long CONNECTION_WINDOW = 64 << 20;

	private static final long STREAM_WINDOW = 16 << 20;

	private static final int RECEIVE_BUFFER = 4 << 20;

	private static final int MAX_PAYLOAD = 2048;

	private static final int DATAGRAMS = 32;

	private static final int IDLE_SECONDS = 60;

	private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

	private final LoopResources loops = LoopResources.create("client", 1, true);

	private final EventLoopGroup group = this.loops.onClient(true);

	private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

	/**
	 * Sockets without a connection. They are used again, because quiche reads the
	 * certificates of the system for each, which costs more than ten handshakes.
	 */
	private final Queue<Channel> free = new ConcurrentLinkedQueue<>();

	private final TrustAll trust = new TrustAll();

	private final InetSocketAddress server;

	private final @Nullable Tickets tickets;

	private final QuicSslContext sslContext;

	private final @Nullable Channel shared;

	private Http3Client(int port, boolean socketEach, @Nullable Tickets tickets) {
		this.server = new InetSocketAddress("127.0.0.1", port);
		this.tickets = tickets;
		this.sslContext = QuicSslContextBuilder.forClient()
			.trustManager(this.trust)
			.sessionCacheSize((tickets != null) ? Tickets.MOST : 0)
			.applicationProtocols(Http3.supportedApplicationProtocols())
			.build();
		this.shared = socketEach ? null : bind().syncUninterruptibly().channel();
	}

	/**
	 * Create a client whose connections all have a session of their own.
	 * @param port the port of the server
	 * @param socketEach whether each has a socket of its own, too
	 * @return the client
	 */
	public static Http3Client create(int port, boolean socketEach) {
		return new Http3Client(port, socketEach, null);
	}

	/**
	 * Create a client whose connections resume the sessions of earlier ones.
	 * @param port the port of the server
	 * @return the client
	 */
	public static Http3Client resuming(int port) {
		return new Http3Client(port, true, new Tickets());
	}

	/**
	 * Tell whether all connections that could leave a ticket have done so.
	 * @return whether they are closed
	 */
	public boolean isReadyToResume() {
		return this.tickets != null && this.tickets.areAllBack();
	}

	/**
	 * Return how many handshakes have shown a certificate: those that resume a session do
	 * not.
	 * @return the number
	 */
	public long fullHandshakes() {
		return this.trust.shown();
	}

	/**
	 * Open sockets ahead, so that their connections can be opened in the same moment.
	 * @param sockets how many
	 */
	public void prepare(int sockets) {
		for (int i = 0; i < sockets; i++) {
			this.free.add(bind().syncUninterruptibly().channel());
		}
	}

	private ChannelFuture bind() {
		ChannelFuture bound = new Bootstrap().group(this.group)
			.channelFactory(() -> withOptions(this.loops.onChannel(DatagramChannel.class, this.group)))
			.option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
			.handler(Http3.newQuicClientCodecBuilder()
				.sslEngineProvider(
						(channel) -> this.sslContext.newEngine(channel.alloc(), "localhost", Tickets.of(channel)))
				.maxIdleTimeout(IDLE_SECONDS, TimeUnit.SECONDS)
				.initialMaxData(CONNECTION_WINDOW)
				.initialMaxStreamDataBidirectionalLocal(STREAM_WINDOW)
				.maxRecvUdpPayloadSize(MAX_PAYLOAD)
				.build())
			.bind("127.0.0.1", 0);
		this.channels.add(bound.channel());
		return bound;
	}

	/**
	 * Let epoll receive many datagrams at once: a client that is slower than the server
	 * keeps it from sending many.
	 */
	private static DatagramChannel withOptions(DatagramChannel channel) {
		if (channel instanceof EpollDatagramChannel) {
			channel.config().setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, MAX_PAYLOAD);
			channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(DATAGRAMS * MAX_PAYLOAD));
		}
		return channel;
	}

	@Override
	public CompletableFuture<Connection> connect() {
		if (this.shared != null) {
			return connect(this.shared, () -> {
			});
		}
		return socket().thenCompose((channel) -> connect(channel, () -> this.free.add(channel)));
	}

	private CompletableFuture<Channel> socket() {
		Channel ready = this.free.poll();
		if (ready != null) {
			return CompletableFuture.completedFuture(ready);
		}
		CompletableFuture<Channel> socket = new CompletableFuture<>();
		ChannelFuture bound = bind();
		bound.addListener((future) -> complete(socket, future, bound.channel()));
		return socket;
	}

	private CompletableFuture<Connection> connect(Channel socket, Runnable closed) {
		CompletableFuture<QuicChannel> connected = new CompletableFuture<>();
		QuicChannelBootstrap bootstrap = QuicChannel.newBootstrap(socket)
			.handler(new Http3ClientConnectionHandler())
			.remoteAddress(this.server);
		if (this.tickets != null) {
			this.tickets.giveTo(bootstrap);
		}
		bootstrap.connect()
			.addListener((Future<QuicChannel> future) -> complete(connected, future,
					future.isSuccess() ? future.getNow() : null));
		return connected.thenApply((channel) -> {
			channel.closeFuture().addListener((future) -> closed.run());
			return new Http3Connection(channel, () -> takeTicketBack(channel));
		});
	}

	/**
	 * Take the place of a connection back when it is to be closed. The ticket came before
	 * its response, and the closing period would hold the place for much longer.
	 */
	private void takeTicketBack(QuicChannel channel) {
		if (this.tickets != null) {
			this.tickets.takeBack(channel);
		}
	}

	private static <T> void complete(CompletableFuture<T> result, Future<?> future, @Nullable T value) {
		if (future.isSuccess()) {
			result.complete(value);
		}
		else {
			result.completeExceptionally(future.cause());
		}
	}

	@Override
	public void close() {
		this.channels.close().awaitUninterruptibly();
		this.loops.disposeLater(Duration.ZERO, CLOSE_LIMIT).onErrorComplete().block(CLOSE_LIMIT.plus(CLOSE_LIMIT));
	}

}
