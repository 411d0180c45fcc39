package io.github.http3spring.netty;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import io.github.http3spring.server.ConnectionCounts;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireResponse;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A client with endless credit that acknowledges nothing.
 */
class UnsentDataIT {

	private static final int DOWNLOADS = 60;

	private static final int LIMIT = 1 << 20;

	private static final int CLIENTS = 12;

	private static final byte[] CHUNK = new byte[4096];

	/**
	 * How many elements Reactor Netty asks for in advance.
	 */
	private static final int PREFETCH = 128;

	private static final WireOptions ENDLESS_CREDIT = WireOptions.defaults()
		.withWindows(1L << 40, 1L << 32)
		.withRecordStreamEvents(false)
		.withBodyLimit(5);

	private final AtomicLong produced = new AtomicLong();

	private final AtomicLong downloads = new AtomicLong();

	@Test
	void holdsUpTheHandlersAndNobodyElse() throws Exception {
		HttpHandler handler = this::handle;
		try (TestServer server = TestServer.start((options) -> options.handler(handler),
				"http3.server.connection.max-unsent-data=" + LIMIT, TestServer.ONE_WORKER);
				UdpProxy proxy = UdpProxy.to(server.address());
				WireClient clients = WireClient.create(ENDLESS_CREDIT)) {
			WireConnection good = get(clients.connect(server.address()));
			WireConnection bad = get(clients.connect(proxy.address()));
			assertThat(get(bad.get("/hello").response()).bodyAsString()).isEqualTo("hello");
			proxy.dropAll(Direction.TO_CLIENT);
			for (int number = 0; number < DOWNLOADS; number++) {
				bad.get("/endless");
				if (number % 10 == 9) {
					letAProbeBecomeDue(server, bad);
				}
			}
			await().atMost(Duration.ofSeconds(30)).until(() -> this.downloads.get() > DOWNLOADS / 2);
			for (int number = 0; number < 10; number++) {
				WireResponse response = get(good.get("/hello").response());
				assertThat(response.bodyAsString()).isEqualTo("hello");
			}
			long most = 2 * LIMIT + 3L * PREFETCH * CHUNK.length * DOWNLOADS;
			long before = this.produced.get();
			assertThat(before).isBetween((long) LIMIT / 2, most);
			await().during(Duration.ofSeconds(1))
				.atMost(Duration.ofSeconds(2))
				.until(() -> this.produced.get() <= most);
		}
	}

	@Test
	void thatHasTakenMuchBeforeIsGivenUpWhenMemoryIsShort() throws Exception {
		HttpHandler handler = this::handle;
		try (TestServer server = TestServer.start((options) -> options.handler(handler),
				"http3.server.max-unsent-data=" + LIMIT, TestServer.ONE_WORKER);
				UdpProxy proxy = UdpProxy.to(server.address());
				WireClient clients = WireClient.create(ENDLESS_CREDIT)) {
			WireConnection good = get(clients.connect(server.address()));
			// Makes the congestion windows grow
			proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(50), Duration.ZERO);
			// With what each may have in any case, together more than there may be
			for (int number = 0; number < CLIENTS; number++) {
				get(clients.connect(proxy.address())).get("/endless");
			}
			await().atMost(Duration.ofSeconds(20))
				.until(() -> server.server().getMemoryUsage().unsentData() > 3 * LIMIT / 2);
			proxy.dropAll(Direction.TO_SERVER);
			await().atMost(Duration.ofSeconds(20)).until(() -> connections(server).active() <= CLIENTS);
			await().atMost(Duration.ofSeconds(10)).until(() -> server.server().getMemoryUsage().unsentData() <= LIMIT);
			for (int number = 0; number < 10; number++) {
				assertThat(get(good.get("/hello").response()).bodyAsString()).isEqualTo("hello");
			}
			assertThat(connections(server).timedOut()).isZero();
		}
	}

	@Test
	void ordinaryDownloadsAreWhole() throws Exception {
		try (TestServer server = TestServer.start("http3.server.connection.max-unsent-data=64KB");
				UdpProxy proxy = UdpProxy.to(server.address());
				WireClient clients = WireClient.create(ENDLESS_CREDIT)) {
			proxy.drop(Direction.TO_CLIENT, 0.02);
			WireConnection connection = get(clients.connect(proxy.address()));
			WireResponse first = get(connection.get("/bytes/5000000").response());
			assertThat(first.bodyLength()).isEqualTo(5_000_000);
			assertThat(first.patternMatches()).isTrue();
			WireResponse whole = get(connection.get("/whole/3000000").response());
			assertThat(whole.bodyLength()).isEqualTo(3_000_000);
			assertThat(whole.patternMatches()).isTrue();
		}
	}

	private static ConnectionCounts connections(TestServer server) {
		return server.server().getTotals().connections();
	}

	/**
	 * Let packets of the client arrive when it is time for a probe that could not be sent
	 * yet, because the event loop was busy: quiche would take anything then.
	 */
	private static void letAProbeBecomeDue(TestServer server, WireConnection client) throws Exception {
		CompletableFuture<Void> busy = CompletableFuture
			.runAsync(() -> LockSupport.parkNanos(Duration.ofMillis(150).toNanos()), server.eventLoop());
		client.get("/hello");
		get(busy);
		client.get("/hello");
	}

	private Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
		if (request.getPath().value().equals("/hello")) {
			return response.writeWith(Mono.just(DefaultDataBufferFactory.sharedInstance.wrap("hello".getBytes())));
		}
		this.downloads.incrementAndGet();
		return response.writeWith(Flux.<DataBuffer>generate((sink) -> {
			this.produced.addAndGet(CHUNK.length);
			sink.next(DefaultDataBufferFactory.sharedInstance.wrap(CHUNK));
		}));
	}

}
