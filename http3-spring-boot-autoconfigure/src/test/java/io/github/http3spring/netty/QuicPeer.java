package io.github.http3spring.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLPeerUnverifiedException;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.http3spring.wire.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.incubator.codec.http3.Http3;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QLogConfiguration;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicChannelBootstrap;
import io.netty.incubator.codec.quic.QuicChannelOption;
import io.netty.incubator.codec.quic.QuicConnectionCloseEvent;
import io.netty.incubator.codec.quic.QuicSslContext;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;
import io.netty.incubator.codec.quic.QuicStreamType;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A QUIC connection without HTTP/3, to see what the server shows in the handshake.
 */
final class QuicPeer implements AutoCloseable {

	private static final int TIMEOUT_SECONDS = 10;

	private final EventLoopGroup eventLoops = EventLoops.create(1, "quic-peer");

	private @Nullable Channel socket;

	private final CompletableFuture<Integer> closed = new CompletableFuture<>();

	private final QuicChannel channel;

	private QuicPeer(int port, @Nullable String serverName, @Nullable Path qlog) throws Exception {
		QuicSslContext sslContext = QuicSslContextBuilder.forClient()
			.trustManager(InsecureTrustManagerFactory.INSTANCE)
			.applicationProtocols(Http3.supportedApplicationProtocols())
			.build();
		try {
			this.socket = new Bootstrap().group(this.eventLoops)
				.channel(NioDatagramChannel.class)
				.handler(Http3.newQuicClientCodecBuilder()
					.sslEngineProvider((quic) -> (serverName != null)
							? sslContext.newEngine(quic.alloc(), serverName, port) : sslContext.newEngine(quic.alloc()))
					.maxIdleTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
					.activeConnectionIdLimit(8)
					.initialMaxData(1 << 20)
					.initialMaxStreamDataUnidirectional(1 << 16)
					.build())
				.bind(InetAddress.getLoopbackAddress(), 0)
				.sync()
				.channel();
			QuicChannelBootstrap bootstrap = QuicChannel.newBootstrap(this.socket)
				.handler(new ChannelInboundHandlerAdapter() {

					@Override
					public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
						if (event instanceof QuicConnectionCloseEvent close) {
							QuicPeer.this.closed.complete(close.error());
						}
					}

				})
				.streamHandler(new ChannelInboundHandlerAdapter())
				.remoteAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			if (qlog != null) {
				bootstrap.option(QuicChannelOption.QLOG, new QLogConfiguration(qlog.toString(), "quic-peer", ""));
			}
			this.channel = bootstrap.connect().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			release();
			throw ex;
		}
	}

	static QuicPeer connect(int port) throws Exception {
		return new QuicPeer(port, null, null);
	}

	/**
	 * Return the transport parameters that the server sends, by their names in RFC 9000
	 * section 18.2. Read from a qlog file: Netty mixes the last ones up.
	 */
	static Map<String, Object> transportParameters(int port, Path qlog) throws Exception {
		try (QuicPeer peer = new QuicPeer(port, null, qlog)) {
			assertThat(peer.channel.isActive()).isTrue();
		}
		for (String line : Files.readAllLines(qlog)) {
			if (line.contains(":parameters_set") && line.contains("\"remote\"")) {
				JsonNode event = new ObjectMapper().readTree(line.substring(line.indexOf('{')));
				return new ObjectMapper().convertValue(event.get("data"), new TypeReference<>() {
				});
			}
		}
		throw new AssertionError("No transport parameters in " + Files.readString(qlog));
	}

	/**
	 * Return the error code with which the server closes a connection on whose first
	 * unidirectional stream it has got some bytes.
	 */
	static int errorCode(int port, byte[] bytes) throws Exception {
		try (QuicPeer peer = new QuicPeer(port, null, null)) {
			peer.channel.createStream(QuicStreamType.UNIDIRECTIONAL, new ChannelInboundHandlerAdapter())
				.get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
				.writeAndFlush(Unpooled.copiedBuffer(bytes));
			return peer.closed.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
		}
	}

	/**
	 * Return whether the server leaves a new connection open for some time.
	 */
	static boolean isAccepted(int port, String serverName, Duration time) throws Exception {
		try (QuicPeer peer = new QuicPeer(port, serverName, null)) {
			peer.closed.get(time.toMillis(), TimeUnit.MILLISECONDS);
			return false;
		}
		catch (TimeoutException ex) {
			return true;
		}
	}

	/**
	 * Send a byte on a stream of its own.
	 */
	void send() throws Exception {
		this.channel.createStream(QuicStreamType.UNIDIRECTIONAL, new ChannelInboundHandlerAdapter())
			.get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
			.writeAndFlush(Unpooled.wrappedBuffer(new byte[] { 0x21 }));
	}

	/**
	 * Return the certificate that the server shows to a new connection.
	 */
	static X509Certificate certificate(int port) throws Exception {
		return certificate(port, null);
	}

	/**
	 * Return the certificate that the server shows to a new connection that asks for a
	 * name.
	 */
	static X509Certificate certificate(int port, @Nullable String serverName) throws Exception {
		try (QuicPeer peer = new QuicPeer(port, serverName, null)) {
			return peer.certificate();
		}
	}

	X509Certificate certificate() throws SSLPeerUnverifiedException {
		return (X509Certificate) this.channel.sslEngine().getSession().getPeerCertificates()[0];
	}

	@Override
	public void close() {
		this.channel.close(true, Http3ErrorCode.H3_NO_ERROR.code(), Unpooled.EMPTY_BUFFER)
			.awaitUninterruptibly(TIMEOUT_SECONDS, TimeUnit.SECONDS);
		release();
	}

	private void release() {
		if (this.socket != null) {
			// With Netty 4.2 the end of an event loop releases no buffers of a codec
			this.socket.close().awaitUninterruptibly();
		}
		this.eventLoops.shutdownGracefully(0, TIMEOUT_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
	}

}
