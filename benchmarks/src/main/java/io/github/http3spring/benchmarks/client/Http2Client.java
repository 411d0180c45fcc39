package io.github.http3spring.benchmarks.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import javax.net.ssl.SSLException;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import reactor.netty.resources.LoopResources;

/**
 * Opens connections of HTTP/2 over TLS.
 */
public final class Http2Client implements Client {

	private static final int STREAM_WINDOW = 16 << 20;

	private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

	private final LoopResources loops = LoopResources.create("client", 1, true);

	private final EventLoopGroup group = this.loops.onClient(true);

	private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

	private final int port;

	private final SslContext sslContext;

	/**
	 * Create a client.
	 * @param port the port of the server
	 */
	public Http2Client(int port) {
		this.port = port;
		try {
			this.sslContext = SslContextBuilder.forClient()
				.trustManager(new TrustAll())
				.applicationProtocolConfig(
						new ApplicationProtocolConfig(Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE,
								SelectedListenerFailureBehavior.ACCEPT, ApplicationProtocolNames.HTTP_2))
				.build();
		}
		catch (SSLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public CompletableFuture<Connection> connect() {
		CompletableFuture<Connection> result = new CompletableFuture<>();
		ChannelFuture connected = new Bootstrap().group(this.group)
			.channelFactory(() -> this.loops.onChannel(SocketChannel.class, this.group))
			.handler(new ConnectionInitializer(result))
			.connect("127.0.0.1", this.port);
		this.channels.add(connected.channel());
		connected.addListener((future) -> {
			if (!future.isSuccess()) {
				result.completeExceptionally(future.cause());
			}
		});
		return result;
	}

	@Override
	public void close() {
		this.channels.close().awaitUninterruptibly();
		this.loops.disposeLater(Duration.ZERO, CLOSE_LIMIT).onErrorComplete().block(CLOSE_LIMIT.plus(CLOSE_LIMIT));
	}

	private final class ConnectionInitializer extends ChannelInitializer<Channel> {

		private final CompletableFuture<Connection> result;

		ConnectionInitializer(CompletableFuture<Connection> result) {
			this.result = result;
		}

		@Override
		protected void initChannel(Channel channel) {
			channel.pipeline()
				.addLast(Http2Client.this.sslContext.newHandler(channel.alloc(), "localhost", Http2Client.this.port),
						Http2FrameCodecBuilder.forClient()
							.initialSettings(Http2Settings.defaultSettings().initialWindowSize(STREAM_WINDOW))
							.build(),
						new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
						new HandshakeHandler(this.result));
		}

	}

	private static final class HandshakeHandler extends ChannelInboundHandlerAdapter {

		private final CompletableFuture<Connection> result;

		HandshakeHandler(CompletableFuture<Connection> result) {
			this.result = result;
		}

		@Override
		public void userEventTriggered(ChannelHandlerContext context, Object event) {
			if (event instanceof SslHandshakeCompletionEvent handshake) {
				if (handshake.isSuccess()) {
					this.result.complete(new Http2Connection(context.channel()));
				}
				else {
					this.result.completeExceptionally(handshake.cause());
				}
			}
			context.fireUserEventTriggered(event);
		}

	}

	/**
	 * A connection that sends each request on a stream of its own.
	 *
	 * @param channel its channel
	 */
	private record Http2Connection(Channel channel) implements Connection {

		@Override
		public CompletableFuture<Response> exchange(Request request) {
			Http2Exchange exchange = new Http2Exchange(request);
			new Http2StreamChannelBootstrap(this.channel).handler(exchange)
				.open()
				.addListener((Future<Http2StreamChannel> future) -> {
					if (!future.isSuccess()) {
						exchange.fail(future.cause());
					}
				});
			return exchange.response();
		}

		@Override
		public void close() {
			this.channel.close();
		}

	}

}
