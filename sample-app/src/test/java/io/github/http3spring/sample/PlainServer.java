package io.github.http3spring.sample;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyStore;
import java.time.Duration;

import javax.net.ssl.KeyManagerFactory;

import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http3SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import reactor.netty.resources.LoopResources;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

/**
 * HTTP/3 of Reactor Netty and nothing else, with the limits of the sample and, as Spring
 * Boot does it, a channel group, so that {@code disposeNow} waits for requests.
 */
final class PlainServer implements AutoCloseable {

	private static final String PASSWORD = "changeit";

	private final LoopResources loops = LoopResources.create("plain", 1, true);

	private final DisposableServer server;

	private PlainServer(KeyManagerFactory keys) {
		Http3SslContextSpec sslContext = Http3SslContextSpec.forServer(keys, PASSWORD);
		this.server = HttpServer.create()
			.bindAddress(() -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.protocol(HttpProtocol.HTTP3)
			.secure((spec) -> spec.sslContext(sslContext))
			.http3Settings((settings) -> settings.idleTimeout(Duration.ofSeconds(30))
				.maxData(16 << 20)
				.maxStreamDataBidirectionalLocal(1 << 20)
				.maxStreamDataBidirectionalRemote(1 << 20)
				.maxStreamsBidirectional(100))
			.channelGroup(new DefaultChannelGroup(GlobalEventExecutor.INSTANCE))
			.runOn(this.loops)
			.route(PlainServer::routes)
			.bindNow();
	}

	static PlainServer start() throws Exception {
		KeyStore keyStore = KeyStore.getInstance("PKCS12");
		try (InputStream input = new ClassPathResource("sample.p12").getInputStream()) {
			keyStore.load(input, PASSWORD.toCharArray());
		}
		KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keys.init(keyStore, PASSWORD.toCharArray());
		return new PlainServer(keys);
	}

	private static void routes(HttpServerRoutes routes) {
		routes.get("/slow", PlainServer::slow).get("/bytes/{count}", PlainServer::bytes);
	}

	private static Publisher<Void> slow(HttpServerRequest request, HttpServerResponse response) {
		long millis = Long.parseLong(request.uri().substring("/slow?millis=".length()));
		return response.sendString(Mono.delay(Duration.ofMillis(millis)).thenReturn("done"));
	}

	private static Publisher<Void> bytes(HttpServerRequest request, HttpServerResponse response) {
		long count = Long.parseLong(request.param("count"));
		NettyDataBufferFactory bufferFactory = new NettyDataBufferFactory(response.alloc());
		return response.header("content-length", String.valueOf(count))
			.send(BytePattern.stream(count, bufferFactory).map(NettyDataBufferFactory::toByteBuf));
	}

	InetSocketAddress address() {
		return (InetSocketAddress) this.server.address();
	}

	/**
	 * Stop the server, and wait for its requests.
	 */
	void stop() {
		this.server.disposeNow(Duration.ofSeconds(20));
	}

	@Override
	public void close() {
		stop();
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(Duration.ofSeconds(10));
	}

}
