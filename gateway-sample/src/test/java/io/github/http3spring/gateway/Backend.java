package io.github.http3spring.gateway;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * What the gateway stands in front of: answers when it is told to, and echoes over
 * WebSocket. Speaks HTTP/1.1 and nothing else.
 */
final class Backend implements AutoCloseable {

	private final AtomicInteger asked = new AtomicInteger();

	/**
	 * The gateway, in the same process, ends those that all share.
	 */
	private final LoopResources loops = LoopResources.create("backend", 1, true);

	private final DisposableServer server = HttpServer.create()
		.runOn(this.loops)
		.bindAddress(() -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
		.route((routes) -> routes.get("/slow", this::slow)
			.get("/protocol", (request, response) -> response.sendString(Mono.just(request.version().text())))
			.ws("/ws/echo", (in, out) -> out.sendString(in.receive().asString())))
		.bindNow();

	private Mono<Void> slow(HttpServerRequest request, HttpServerResponse response) {
		this.asked.incrementAndGet();
		return response.sendString(Mono.delay(Duration.ofMillis(1500)).thenReturn("done")).then();
	}

	/**
	 * Return how many slow requests have arrived.
	 */
	int asked() {
		return this.asked.get();
	}

	String address() {
		return "localhost:" + this.server.port();
	}

	@Override
	public void close() {
		this.server.disposeNow(Duration.ofSeconds(5));
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(Duration.ofSeconds(10));
	}

}
