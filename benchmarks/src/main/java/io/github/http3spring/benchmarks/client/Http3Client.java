package io.github.http3spring.benchmarks.client;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.incubator.codec.http3.Http3;
import io.netty.incubator.codec.http3.Http3ClientConnectionHandler;
import io.netty.incubator.codec.quic.QuicChannel;
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

	private static final int IDLE_SECONDS = 60;

	private final LoopResources loops = LoopResources.create("client", 1, true);

	private final EventLoopGroup group = this.loops.onClient(true);

	private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

	private final InetSocketAddress server;

	private final QuicSslContext sslContext;

	private final @Nullable Channel shared;

	/**
	 * Create a client.
	 * @param port the port of the server
	 * @param socketEach whether each connection gets a socket of its own
	 */
	public Http3Client(int port, boolean socketEach) {
		this.server = new InetSocketAddress("127.0.0.1", port);
		this.sslContext = QuicSslContextBuilder.forClient()
			.trustManager(new TrustAll())
			.applicationProtocols(Http3.supportedApplicationProtocols())
			.build();
		this.shared = socketEach ? null : bind().syncUninterruptibly().channel();
	}

	private ChannelFuture bind() {
		ChannelFuture bound = new Bootstrap().group(this.group)
			.channelFactory(() -> withOptions(this.loops.onChannel(DatagramChannel.class, this.group)))
			.option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
			.handler(Http3.newQuicClientCodecBuilder()
				.sslEngineProvider((channel) -> this.sslContext.newEngine(channel.alloc(), "localhost", 0))
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
	 * Let epoll receive many datagrams at once.
	 */
	private static DatagramChannel withOptions(DatagramChannel channel) {
		if (channel instanceof EpollDatagramChannel) {
			channel.config().setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, MAX_PAYLOAD);
		}
		return channel;
	}

	@Override
	public CompletableFuture<Connection> connect() {
		if (this.shared != null) {
			return connect(this.shared);
		}
		CompletableFuture<Channel> socket = new CompletableFuture<>();
		ChannelFuture bound = bind();
		bound.addListener((future) -> complete(socket, future, bound.channel()));
		return socket.thenCompose((channel) -> connect(channel).thenApply((connection) -> connection));
	}

	private CompletableFuture<Connection> connect(Channel socket) {
		CompletableFuture<Connection> result = new CompletableFuture<>();
		QuicChannel.newBootstrap(socket)
			.handler(new Http3ClientConnectionHandler())
			.remoteAddress(this.server)
			.connect()
			.addListener((Future<QuicChannel> future) -> {
				if (future.isSuccess()) {
					boolean last = this.shared == null;
					result.complete(new Http3Connection(future.getNow(), last ? socket : null));
				}
				else {
					result.completeExceptionally(future.cause());
				}
			});
		return result;
	}

	private static <T> void complete(CompletableFuture<T> result, Future<?> future, T value) {
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
		this.loops.dispose();
	}

}
