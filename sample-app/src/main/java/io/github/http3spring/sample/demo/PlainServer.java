package io.github.http3spring.sample.demo;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;

import io.github.http3spring.wire.BodyPattern;
import io.netty.buffer.Unpooled;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http3SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import reactor.netty.resources.LoopResources;

/**
 * HTTP/3 of Reactor Netty and nothing else, with the limits of the sample and, as Spring
 * Boot does it, a channel group, so that {@code disposeNow} waits for requests.
 */
public final class PlainServer implements AutoCloseable {

	/**
	 * About 16 KiB, as the sample has it.
	 */
	private static final byte[] CHUNK = BodyPattern.bytes(65 * BodyPattern.LENGTH);

	private final LoopResources loops = LoopResources.create("plain", 1, true);

	private final DisposableServer server;

	private PlainServer(Http3SslContextSpec sslContext) {
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

	/**
	 * Start the server on a free port of loopback.
	 * @param sslContext its TLS
	 * @return the server
	 */
	public static PlainServer start(Http3SslContextSpec sslContext) {
		return new PlainServer(sslContext);
	}

	private static void routes(HttpServerRoutes routes) {
		routes.get("/slow", PlainServer::slow).get("/bytes/{count}", PlainServer::bytes);
	}

	private static Publisher<Void> slow(HttpServerRequest request, HttpServerResponse response) {
		long millis = Long.parseLong(request.uri().substring("/slow?millis=".length()));
		return response.sendString(Mono.delay(Duration.ofMillis(millis)).thenReturn("done"));
	}

	private static Publisher<Void> bytes(HttpServerRequest request, HttpServerResponse response) {
		int count = Integer.parseInt(Objects.requireNonNull(request.param("count")));
		return response.header("content-length", String.valueOf(count))
			.send(Flux.range(0, (count + CHUNK.length - 1) / CHUNK.length)
				.map((index) -> Unpooled.wrappedBuffer(CHUNK, 0,
						Math.min(CHUNK.length, count - index * CHUNK.length))));
	}

	/**
	 * Return where it listens.
	 * @return the address
	 */
	public InetSocketAddress address() {
		return (InetSocketAddress) this.server.address();
	}

	/**
	 * Stop the server, and wait for its requests.
	 */
	public void stop() {
		this.server.disposeNow(Duration.ofSeconds(20));
	}

	@Override
	public void close() {
		stop();
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(Duration.ofSeconds(10));
	}

}
