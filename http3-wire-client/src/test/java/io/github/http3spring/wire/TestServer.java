package io.github.http3spring.wire;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.incubator.codec.http3.DefaultHttp3DataFrame;
import io.netty.incubator.codec.http3.DefaultHttp3GoAwayFrame;
import io.netty.incubator.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.incubator.codec.http3.Http3;
import io.netty.incubator.codec.http3.Http3DataFrame;
import io.netty.incubator.codec.http3.Http3HeadersFrame;
import io.netty.incubator.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.incubator.codec.http3.Http3ServerConnectionHandler;
import io.netty.incubator.codec.quic.InsecureQuicTokenHandler;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicSslContext;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;
import io.netty.incubator.codec.quic.QuicStreamChannel;

/**
 * A small HTTP/3 server that does what a test tells it to.
 */
final class TestServer implements AutoCloseable {

	static final String PRINTABLE;

	static {
		StringBuilder printable = new StringBuilder();
		for (char c = '!'; c <= '~'; c++) {
			printable.append(c);
		}
		PRINTABLE = printable.toString();
	}

	private final EventLoopGroup group = EventLoops.create(1, "test-server");

	private final Channel channel;

	final List<QuicChannel> connections = new CopyOnWriteArrayList<>();

	final List<Long> requests = new CopyOnWriteArrayList<>();

	volatile Refusal refusal = Refusal.NONE;

	volatile long requestBytes;

	TestServer() throws Exception {
		this.channel = new Bootstrap().group(this.group)
			.channel(NioDatagramChannel.class)
			.handler(Http3.newQuicServerCodecBuilder()
				.sslContext(SslContextHolder.CONTEXT)
				.maxIdleTimeout(30, TimeUnit.SECONDS)
				.initialMaxData(1 << 20)
				.initialMaxStreamDataBidirectionalRemote(1 << 17)
				.initialMaxStreamDataUnidirectional(1 << 16)
				.initialMaxStreamsUnidirectional(16)
				.initialMaxStreamsBidirectional(100)
				.tokenHandler(InsecureQuicTokenHandler.INSTANCE)
				.handler(new ChannelInitializer<QuicChannel>() {
					@Override
					protected void initChannel(QuicChannel quic) {
						TestServer.this.initConnection(quic);
					}
				})
				.build())
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.sync()
			.channel();
	}

	InetSocketAddress address() {
		return (InetSocketAddress) this.channel.localAddress();
	}

	void goAway(long id) {
		QuicStreamChannel control = Http3.getLocalControlStream(this.connections.get(0));
		control.writeAndFlush(new DefaultHttp3GoAwayFrame(id));
	}

	void close(boolean application, int code, String reason) {
		this.connections.get(0)
			.close(application, code, Unpooled.copiedBuffer(reason, StandardCharsets.UTF_8))
			.awaitUninterruptibly();
	}

	@Override
	public void close() {
		this.channel.close().awaitUninterruptibly();
		this.group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
	}

	private void initConnection(QuicChannel quic) {
		if (this.refusal == Refusal.DURING_HANDSHAKE) {
			quic.eventLoop().execute(() -> refuse(quic));
			return;
		}
		if (this.refusal == Refusal.AFTER_HANDSHAKE) {
			quic.pipeline().addLast(new ChannelInboundHandlerAdapter() {
				@Override
				public void channelActive(ChannelHandlerContext ctx) {
					refuse(quic);
				}
			});
			return;
		}
		this.connections.add(quic);
		quic.pipeline().addLast(new Http3ServerConnectionHandler(new ChannelInitializer<QuicStreamChannel>() {
			@Override
			protected void initChannel(QuicStreamChannel stream) {
				stream.pipeline().addLast(new RequestHandler());
			}
		}));
	}

	private static void refuse(QuicChannel quic) {
		quic.close(false, 0x02, Unpooled.EMPTY_BUFFER);
	}

	enum Refusal {

		NONE, DURING_HANDSHAKE, AFTER_HANDSHAKE

	}

	private final class RequestHandler extends Http3RequestStreamInboundHandler {

		private String path = "";

		private long bytes;

		@Override
		protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
			QuicStreamChannel stream = (QuicStreamChannel) ctx.channel();
			TestServer.this.requests.add(stream.streamId());
			this.path = frame.headers().path().toString();
			if (this.path.startsWith("/reset/")) {
				stream.shutdown(Integer.parseInt(this.path.substring(7)), stream.newPromise());
			}
			else if (this.path.startsWith("/stop/")) {
				stream.shutdownInput(Integer.parseInt(this.path.substring(6)));
			}
		}

		@Override
		protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
			this.bytes += frame.content().readableBytes();
			TestServer.this.requestBytes = this.bytes;
			frame.release();
		}

		@Override
		protected void channelInputClosed(ChannelHandlerContext ctx) {
			if (this.path.startsWith("/never") || this.path.startsWith("/reset") || this.path.startsWith("/stop")) {
				return;
			}
			Http3HeadersFrame headers = new DefaultHttp3HeadersFrame();
			headers.headers().status("200").add("x-printable", PRINTABLE).add("content-type", "text/plain");
			headers.headers().add("x-bytes", Long.toString(this.bytes)).add("x-two", "a").add("x-two", "b");
			ctx.write(headers);
			if (this.path.startsWith("/pattern/")) {
				ctx.write(new DefaultHttp3DataFrame(pattern(Integer.parseInt(this.path.substring(9)))));
			}
			else {
				ctx.write(new DefaultHttp3DataFrame(Unpooled.copiedBuffer("hello", StandardCharsets.UTF_8)));
			}
			Http3HeadersFrame trailers = new DefaultHttp3HeadersFrame();
			trailers.headers().add("x-trailer", "yes");
			ctx.writeAndFlush(trailers).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
			ctx.close();
		}

		private ByteBuf pattern(int size) {
			return Unpooled.wrappedBuffer(BodyPattern.bytes(size));
		}

	}

	/**
	 * One certificate for all servers: keytool takes its time.
	 */
	private static final class SslContextHolder {

		static final QuicSslContext CONTEXT;

		static {
			try {
				CONTEXT = sslContext();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

		private static QuicSslContext sslContext() throws Exception {
			Path directory = Files.createTempDirectory("wire-client");
			Path store = directory.resolve("server.p12");
			Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
					"-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=localhost", "-storetype",
					"PKCS12", "-keystore", store.toString(), "-storepass", "password")
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
				throw new IllegalStateException("keytool failed");
			}
			KeyStore keyStore = KeyStore.getInstance("PKCS12");
			try (InputStream in = Files.newInputStream(store)) {
				keyStore.load(in, "password".toCharArray());
			}
			Files.delete(store);
			Files.delete(directory);
			KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			keys.init(keyStore, "password".toCharArray());
			return QuicSslContextBuilder.forServer(keys, "password")
				.applicationProtocols(Http3.supportedApplicationProtocols())
				.build();
		}

	}

}
