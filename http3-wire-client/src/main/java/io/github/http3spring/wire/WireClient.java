package io.github.http3spring.wire;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.incubator.codec.quic.QLogConfiguration;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicChannelBootstrap;
import io.netty.incubator.codec.quic.QuicChannelOption;
import io.netty.incubator.codec.quic.QuicClientCodecBuilder;
import io.netty.incubator.codec.quic.QuicSslContext;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Opens HTTP/3 connections that record what the server does to them, each on a UDP socket
 * of its own unless the options say otherwise. Thread-safe.
 */
public final class WireClient implements AutoCloseable {

	private static final int RECEIVE_BUFFER = 2 << 20;

	/**
	 * Bytes to read of a datagram at least: more than fits into an Ethernet frame.
	 */
	private static final int MIN_READ = 2048;

	private final WireOptions options;

	private final EventLoopGroup eventLoops;

	private final QuicSslContext sslContext;

	private final Set<WireConnection> connections = ConcurrentHashMap.newKeySet();

	private @Nullable ClientSocket lastSocket;

	private WireClient(WireOptions options) {
		this.options = options;
		this.eventLoops = EventLoops.create(options.eventLoops(), "wire-client");
		this.sslContext = QuicSslContextBuilder.forClient()
			.trustManager(new TrustDecision(options.trustManager()))
			.applicationProtocols("h3")
			.earlyData(options.earlyData())
			.build();
	}

	/**
	 * Create a client with {@link WireOptions#defaults() default} options.
	 * @return the client
	 */
	public static WireClient create() {
		return create(WireOptions.defaults());
	}

	/**
	 * Create a client.
	 * @param options the options
	 * @return the client
	 */
	public static WireClient create(WireOptions options) {
		return new WireClient(options);
	}

	/**
	 * Open a connection.
	 * @param server the address of the server
	 * @return completes when the connection is ready, fails with
	 * {@link ConnectionClosedException} if it ends before, refused by the server or
	 * otherwise
	 * @see WireOptions#awaitSettings()
	 * @see WireOptions#earlyData()
	 */
	public CompletableFuture<WireConnection> connect(InetSocketAddress server) {
		ClientSocket socket = takeSocket(server);
		EventLoop eventLoop = socket.eventLoop();
		WireConnection connection = new WireConnection(this.options, server, eventLoop);
		this.connections.add(connection);
		connection.released().thenRun(() -> this.connections.remove(connection));
		connection.socketOpened(socket);
		socket.bound().addListener((future) -> {
			if (future.isSuccess()) {
				connect(socket.channel(), server, connection);
			}
			else {
				connection.connectFailed(future.cause());
			}
		});
		Future<?> timeout = eventLoop.schedule(
				() -> connection.connectFailed(new ConnectTimeoutException("No connection to " + server)),
				this.options.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
		return connection.ready().whenComplete((ready, ex) -> timeout.cancel(false));
	}

	private synchronized ClientSocket takeSocket(InetSocketAddress server) {
		ClientSocket socket = this.lastSocket;
		if (socket == null || !socket.take()) {
			EventLoop eventLoop = this.eventLoops.next();
			socket = new ClientSocket(eventLoop, bind(eventLoop, server), this.options.connectionsPerSocket());
			socket.take();
			this.lastSocket = socket;
		}
		return socket;
	}

	private ChannelFuture bind(EventLoop eventLoop, InetSocketAddress server) {
		return new Bootstrap().group(eventLoop)
			.channel(NioDatagramChannel.class)
			.option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
			.option(ChannelOption.RCVBUF_ALLOCATOR,
					new FixedRecvByteBufAllocator(Math.max(MIN_READ, this.options.maxUdpPayload())))
			.handler(codec(server))
			.bind(localAddress(server));
	}

	private static InetSocketAddress localAddress(InetSocketAddress server) {
		InetAddress address = server.getAddress();
		// A socket bound to no address may answer from one that the server doesn't know.
		return address.isLoopbackAddress() ? new InetSocketAddress(address, 0) : new InetSocketAddress(0);
	}

	private ChannelHandler codec(InetSocketAddress server) {
		String name = this.options.serverName();
		return new QuicClientCodecBuilder()
			.sslEngineProvider(
					(channel) -> (name != null) ? this.sslContext.newEngine(channel.alloc(), name, server.getPort())
							: this.sslContext.newEngine(channel.alloc()))
			.maxIdleTimeout(this.options.maxIdleTimeout().toMillis(), TimeUnit.MILLISECONDS)
			.maxSendUdpPayloadSize(this.options.maxUdpPayload())
			.hystart(this.options.hystart())
			.initialMaxData(this.options.initialMaxData())
			.initialMaxStreamDataBidirectionalLocal(this.options.initialMaxStreamData())
			.initialMaxStreamDataUnidirectional(this.options.initialMaxStreamData())
			// A server may open unidirectional streams only, and needs three (RFC 9114
			// section 6.2).
			.initialMaxStreamsUnidirectional(16)
			.build();
	}

	private void connect(Channel socket, InetSocketAddress server, WireConnection connection) {
		QuicChannelBootstrap bootstrap = QuicChannel.newBootstrap(socket)
			.handler(new ConnectionHandler(connection))
			.streamHandler(serverStreams(connection))
			.remoteAddress(server)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
			.option(ChannelOption.ALLOCATOR, new SendBuffers());
		if (this.options.qlogDirectory() != null) {
			bootstrap.option(QuicChannelOption.QLOG,
					new QLogConfiguration(this.options.qlogDirectory().toString(), "wire-client", ""));
		}
		bootstrap.connect().addListener((Future<QuicChannel> future) -> {
			if (!future.isSuccess()) {
				connection.connectFailed(future.cause());
			}
		});
	}

	private static ChannelHandler serverStreams(WireConnection connection) {
		return new ChannelInitializer<QuicStreamChannel>() {

			@Override
			protected void initChannel(QuicStreamChannel channel) {
				channel.pipeline().addLast(new UnidirectionalStreamHandler(connection));
			}

		};
	}

	/**
	 * Close all connections with H3_NO_ERROR and release everything. Blocks until the
	 * threads have ended; not to be called from an event loop.
	 */
	@Override
	public void close() {
		this.connections.forEach(WireConnection::close);
		CompletableFuture<?>[] released = this.connections.stream()
			.map(WireConnection::released)
			.toArray(CompletableFuture<?>[]::new);
		// A closing event loop closes its sockets before CONNECTION_CLOSE has left.
		CompletableFuture.allOf(released).completeOnTimeout(null, 5, TimeUnit.SECONDS).join();
		closeLastSocket();
		this.eventLoops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
	}

	/**
	 * Close the socket that has room left: the others have been closed with the last of
	 * their connections. An event loop of Netty 4.2 without a quiet period may end before
	 * it has closed its channels, and their handlers then keep their buffers.
	 */
	private synchronized void closeLastSocket() {
		if (this.lastSocket != null) {
			this.lastSocket.channel().close().awaitUninterruptibly(5, TimeUnit.SECONDS);
		}
	}

}
