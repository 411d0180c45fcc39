package io.github.http3spring.netty;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.http3spring.TestKeyStore;
import io.github.http3spring.wire.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.incubator.codec.http3.Http3;
import io.netty.incubator.codec.quic.QuicServerCodecBuilder;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;

/**
 * Netty's QUIC codec alone: connections, and nothing on them.
 */
final class BareCodecServer implements AutoCloseable {

	private final EventLoopGroup eventLoops = EventLoops.create(1, "bare-codec");

	private final Channel socket;

	private BareCodecServer(String address, Consumer<QuicServerCodecBuilder> settings, ChannelHandler handler)
			throws Exception {
		QuicServerCodecBuilder builder = Http3.newQuicServerCodecBuilder()
			.sslContext(QuicSslContextBuilder
				.forServer(TestServer.SSL_BUNDLE.getManagers().getKeyManagerFactory(), TestKeyStore.PASSWORD)
				.applicationProtocols(Http3.supportedApplicationProtocols())
				.build())
			.maxIdleTimeout(20, TimeUnit.SECONDS)
			.initialMaxData(1 << 20)
			.initialMaxStreamDataBidirectionalRemote(1 << 20)
			.initialMaxStreamDataUnidirectional(1 << 20)
			.initialMaxStreamsBidirectional(100)
			.initialMaxStreamsUnidirectional(10)
			.handler(handler)
			.streamHandler(new Ignoring());
		settings.accept(builder);
		this.socket = new Bootstrap().group(this.eventLoops)
			.channel(NioDatagramChannel.class)
			.handler(builder.build())
			.bind(new InetSocketAddress(address, 0))
			.sync()
			.channel();
	}

	/**
	 * Start on the loopback address.
	 * @param settings sets up the codec
	 */
	static BareCodecServer start(Consumer<QuicServerCodecBuilder> settings) throws Exception {
		return new BareCodecServer("127.0.0.1", settings, new Ignoring());
	}

	/**
	 * Start on the loopback address.
	 * @param handler the first handler of each connection
	 */
	static BareCodecServer start(ChannelHandler handler) throws Exception {
		return new BareCodecServer("127.0.0.1", (builder) -> {
		}, handler);
	}

	/**
	 * Start on all addresses.
	 */
	static BareCodecServer startOnAllAddresses() throws Exception {
		return new BareCodecServer("0.0.0.0", (builder) -> {
		}, new Ignoring());
	}

	/**
	 * Return an address of this server.
	 */
	InetSocketAddress address(String host) {
		return new InetSocketAddress(host, ((InetSocketAddress) this.socket.localAddress()).getPort());
	}

	InetSocketAddress address() {
		return address("127.0.0.1");
	}

	@Override
	public void close() {
		// With Netty 4.2 the end of an event loop releases no buffers of a codec
		this.socket.close().awaitUninterruptibly();
		this.eventLoops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
	}

	@Sharable
	private static final class Ignoring extends ChannelInboundHandlerAdapter {

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
			ctx.close();
		}

	}

}
