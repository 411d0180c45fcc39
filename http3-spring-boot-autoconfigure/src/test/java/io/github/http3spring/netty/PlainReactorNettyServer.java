package io.github.http3spring.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.netty.tls.ReloadableQuicSslContext;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamType;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;
import reactor.netty.ChannelPipelineConfigurer;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

import org.springframework.boot.web.server.Ssl;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;

/**
 * HTTP/3 as Reactor Netty serves it without this project, set up as Spring Boot sets up
 * its server for a graceful shutdown, with the handlers of {@link TestServer}.
 */
final class PlainReactorNettyServer implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private final TestServer handlers = TestServer.create();

	private final LoopResources loops = LoopResources.create("plain", 1, true);

	private final EventExecutor executor = new DefaultEventExecutor();

	private final DisposableServer server;

	private PlainReactorNettyServer(Duration maxIdleTimeout, ChannelPipelineConfigurer configurer) {
		this(maxIdleTimeout, configurer, null, false);
	}

	private PlainReactorNettyServer(Duration maxIdleTimeout, ChannelPipelineConfigurer configurer,
			@Nullable HttpHandler handler, boolean earlyData) {
		ReloadableQuicSslContext sslContext = new ReloadableQuicSslContext(TestServer.SSL_BUNDLE, Ssl.ClientAuth.NONE,
				earlyData, null);
		this.server = HttpServer.create()
			.runOn(this.loops)
			.channelGroup(new DefaultChannelGroup(this.executor))
			.bindAddress(() -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.protocol(HttpProtocol.HTTP3)
			.secure((spec) -> spec.sslContext(sslContext))
			.http3Settings((spec) -> spec.idleTimeout(maxIdleTimeout)
				.maxData(16 << 20)
				.maxStreamDataBidirectionalLocal(1 << 20)
				.maxStreamDataBidirectionalRemote(1 << 20)
				.maxStreamsBidirectional(100))
			.doOnChannelInit(configurer)
			.handle(new ReactorHttpHandlerAdapter((handler != null) ? handler : this.handlers.handler()))
			.bindNow();
	}

	static PlainReactorNettyServer start(Duration maxIdleTimeout) {
		return new PlainReactorNettyServer(maxIdleTimeout, ChannelPipelineConfigurer.emptyConfigurer());
	}

	/**
	 * Start with something done to the channel of each connection.
	 */
	static PlainReactorNettyServer start(Duration maxIdleTimeout, ChannelPipelineConfigurer configurer) {
		return new PlainReactorNettyServer(maxIdleTimeout, configurer);
	}

	/**
	 * Start with one handler for all requests.
	 */
	static PlainReactorNettyServer start(Duration maxIdleTimeout, HttpHandler handler) {
		return new PlainReactorNettyServer(maxIdleTimeout, ChannelPipelineConfigurer.emptyConfigurer(), handler, false);
	}

	static PlainReactorNettyServer startWithEarlyData(Duration maxIdleTimeout) {
		return new PlainReactorNettyServer(maxIdleTimeout, ChannelPipelineConfigurer.emptyConfigurer(), null, true);
	}

	/**
	 * Start with the codec reading the control streams of clients, which Reactor Netty
	 * keeps it from.
	 */
	static PlainReactorNettyServer startReadingControlStreams(Duration maxIdleTimeout) {
		return new PlainReactorNettyServer(maxIdleTimeout,
				(observer, channel, remoteAddress) -> channel.pipeline().addFirst(ControlStreamReading.INSTANCE));
	}

	InetSocketAddress address() {
		return (InetSocketAddress) this.server.address();
	}

	/**
	 * Return how many requests have reached a handler.
	 */
	int started() {
		return this.handlers.started();
	}

	/**
	 * Return how many handlers were cancelled.
	 */
	int cancelled() {
		return this.handlers.cancelled();
	}

	/**
	 * Stop as Spring Boot does, which waits for the channels of the group.
	 * @return completes when that has returned
	 */
	CompletableFuture<Void> shutDown(Duration timeout) {
		CompletableFuture<Void> result = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				this.server.disposeNow(timeout);
				result.complete(null);
			}
			catch (RuntimeException ex) {
				result.completeExceptionally(ex);
			}
		}, "plain-shutdown");
		thread.start();
		return result;
	}

	@Override
	public void close() {
		try {
			this.server.disposeNow(TIMEOUT);
		}
		finally {
			this.loops.disposeLater(Duration.ZERO, TIMEOUT).block(TIMEOUT);
			this.executor.shutdownGracefully(0, TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
				.awaitUninterruptibly(TIMEOUT.toMillis());
		}
	}

	/**
	 * Turns reading on again after it was turned off.
	 */
	@Sharable
	private static final class ControlStreamReading extends ChannelInboundHandlerAdapter {

		static final ControlStreamReading INSTANCE = new ControlStreamReading();

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object msg) {
			ctx.fireChannelRead(msg);
			if (msg instanceof QuicStreamChannel stream && stream.type() == QuicStreamType.UNIDIRECTIONAL) {
				stream.eventLoop().execute(() -> stream.config().setAutoRead(true));
			}
		}

	}

}
