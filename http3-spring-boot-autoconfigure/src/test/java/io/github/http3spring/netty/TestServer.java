package io.github.http3spring.netty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.github.http3spring.TestKeyStore;
import io.github.http3spring.autoconfigure.TestSettings;
import io.github.http3spring.netty.settings.Http3ServerSettings;
import io.github.http3spring.netty.tls.ReloadableQuicSslContext;
import io.github.http3spring.server.ConnectionShutdownSignal;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ShutdownSignal;
import io.github.http3spring.server.ShutdownVerdict;
import io.github.http3spring.web.EventStreamCompletion;
import io.github.http3spring.wire.BodyPattern;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.web.server.GracefulShutdownResult;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An {@link Http3Server} on a free loopback port, with handlers for every kind of request
 * that a shutdown meets.
 */
public final class TestServer implements AutoCloseable {

	static final SslBundle SSL_BUNDLE = SslBundle
		.of(SslStoreBundle.of(TestKeyStore.load("localhost"), TestKeyStore.PASSWORD, null));

	private static final byte[] CHUNK = BodyPattern.bytes(BodyPattern.LENGTH * 64);

	/**
	 * System properties that begin with this hold where a test says nothing else, as they
	 * do for an application: so all tests can be run with any.
	 */
	private static final String PREFIX = "http3.server.";

	/**
	 * For what is about an event loop and the connections that share it.
	 */
	static final String ONE_WORKER = "http3.server.workers=1";

	private static final String[] ADDRESS = { "http3.server.address=127.0.0.1", "http3.server.port=0" };

	static final int FILE_SIZE = 1_000_000;

	private static final Path FILE = file();

	private final AtomicInteger started = new AtomicInteger();

	private final AtomicInteger cancelled = new AtomicInteger();

	private final CountDownLatch closed = new CountDownLatch(1);

	private final AtomicInteger failed = new AtomicInteger();

	private final Map<String, Integer> orders = new ConcurrentHashMap<>();

	private final Signal shutdownSignal = new Signal();

	private final HttpHandler handler;

	private final List<EventLoop> eventLoops = new CopyOnWriteArrayList<>();

	private final Http3Server server;

	private final ReloadableQuicSslContext sslContext;

	private TestServer(Options options) {
		this.handler = (options.handler != null) ? options.handler : RouterFunctions.toHttpHandler(routes());
		TestSettings settings = new TestSettings(options.properties);
		this.sslContext = settings.sslContext(options.sslBundle);
		this.server = new NettyHttp3ServerFactory(options.sampled(settings.server()), this.sslContext, List.of(),
				List.of(),
				List.of((server) -> server.doOnBind((config) -> options.beforeBind.run()).doOnBound((bound) -> {
					this.eventLoops.add(bound.channel().eventLoop());
					options.bound.accept(bound.channel());
				})), List.of())
			.getHttp3Server(handler(options));
	}

	private HttpHandler handler(Options options) {
		return options.completeEventStreams ? new EventStreamCompletion(this.handler, this.shutdownSignal)
				: this.handler;
	}

	/**
	 * Start a server with the handlers of this class.
	 * @param properties what is not as in production, as {@code name=value}
	 */
	static TestServer start(String... properties) {
		return start((options) -> {
		}, properties);
	}

	/**
	 * Start a server with what is no property.
	 * @param customizer sets it
	 * @param properties what is not as in production, as {@code name=value}
	 */
	public static TestServer start(Consumer<Options> customizer, String... properties) {
		TestServer server = create(customizer, properties);
		server.server.start();
		return server;
	}

	public static TestServer create(String... properties) {
		return create((options) -> {
		}, properties);
	}

	static TestServer create(Consumer<Options> customizer, String... properties) {
		Options options = new Options();
		options.properties(systemProperties());
		customizer.accept(options);
		options.properties(properties);
		return new TestServer(options);
	}

	private static String[] systemProperties() {
		Properties properties = System.getProperties();
		return properties.stringPropertyNames()
			.stream()
			.filter((name) -> name.startsWith(PREFIX))
			.map((name) -> name + "=" + properties.getProperty(name))
			.toArray(String[]::new);
	}

	public InetSocketAddress address() {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), this.server.getPort());
	}

	public Http3Server server() {
		return this.server;
	}

	/**
	 * Return how many requests have reached a handler.
	 */
	int started() {
		return this.started.get();
	}

	/**
	 * Wait until so many requests have reached a handler.
	 */
	void awaitStarted(int requests) {
		await().atMost(Duration.ofSeconds(10))
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(5))
			.until(() -> this.started.get() >= requests);
	}

	/**
	 * Return how many handlers were cancelled.
	 */
	int cancelled() {
		return this.cancelled.get();
	}

	/**
	 * Return how many handlers ended with an error.
	 */
	int failed() {
		return this.failed.get();
	}

	/**
	 * Return how often each order was executed.
	 */
	Map<String, Integer> orders() {
		return Map.copyOf(this.orders);
	}

	/**
	 * Return the handler of all requests.
	 */
	public HttpHandler handler() {
		return this.handler;
	}

	/**
	 * Return the event loop of all connections, of a server with {@link #ONE_WORKER}.
	 */
	EventLoop eventLoop() {
		assertThat(this.eventLoops).hasSize(1);
		return this.eventLoops.get(0);
	}

	public CompletableFuture<GracefulShutdownResult> shutDown() {
		CompletableFuture<GracefulShutdownResult> result = new CompletableFuture<>();
		this.server.shutDownGracefully(result::complete);
		this.shutdownSignal.started.tryEmitEmpty();
		return result;
	}

	ShutdownVerdict verdict() {
		return this.server.getShutdownVerdict().orElseThrow();
	}

	/**
	 * Reload the certificate, with which tickets lose their value.
	 */
	public void reload() {
		this.sslContext.update(SSL_BUNDLE);
	}

	/**
	 * Stop the server in the middle of a test.
	 */
	void stop() {
		this.server.stop();
	}

	@Override
	public void close() {
		stop();
		this.closed.countDown();
	}

	private RouterFunction<ServerResponse> routes() {
		return RouterFunctions.route()
			.GET("/hello", (request) -> ServerResponse.ok().bodyValue("hello"))
			.GET("/address",
					(request) -> ServerResponse.ok().bodyValue(request.remoteAddress().orElseThrow().toString()))
			.HEAD("/hello", (request) -> ServerResponse.ok().contentLength(5).build())
			.GET("/early-data",
					(request) -> ServerResponse.ok()
						.bodyValue("Early-Data: " + request.headers().firstHeader("Early-Data")))
			.GET("/slow", this::slow)
			.GET("/never", (request) -> Mono.never())
			.GET("/block", this::block)
			.GET("/bytes/{count}", (request) -> ServerResponse.ok().body(bytes(request), DataBuffer.class))
			.GET("/events", (request) -> ServerResponse.ok().body(events(), ServerSentEvent.class))
			.GET("/start-only", (request) -> ServerResponse.ok().body(startOnly(), DataBuffer.class))
			.GET("/stubborn", this::stubborn)
			.GET("/whole/{count}", (request) -> ServerResponse.ok().bodyValue(whole(request)))
			.GET("/text", (request) -> ServerResponse.ok().bodyValue("text ".repeat(20_000)))
			.GET("/file", (request) -> ServerResponse.ok().bodyValue(new FileSystemResource(FILE)))
			.GET("/trailers", TestServer::trailers)
			.GET("/empty", (request) -> ServerResponse.noContent().build())
			.POST("/early", (request) -> ServerResponse.status(413).bodyValue("too large"))
			.POST("/early-slow",
					(request) -> Mono.delay(Duration.ofMillis(500))
						.then(ServerResponse.status(413).bodyValue("too large")))
			.POST("/count", TestServer::count)
			.POST("/unread", this::slow)
			.POST("/orders/{id}", this::order)
			.POST("/echo",
					(request) -> ServerResponse.ok()
						.body(BodyInserters.fromDataBuffers(request.bodyToFlux(DataBuffer.class))))
			.filter((request, next) -> {
				this.started.incrementAndGet();
				long after = Long.parseLong(request.queryParam("after").orElse("0"));
				Mono<ServerResponse> response = (after > 0)
						? Mono.delay(Duration.ofMillis(after)).then(Mono.defer(() -> next.handle(request)))
						: next.handle(request);
				return response.doOnCancel(this.cancelled::incrementAndGet)
					.doOnError((ex) -> this.failed.incrementAndGet());
			})
			.build();
	}

	private Mono<ServerResponse> slow(ServerRequest request) {
		Duration delay = Duration.ofMillis(Long.parseLong(request.queryParam("millis").orElse("1000")));
		return Mono.delay(delay).then(ServerResponse.ok().bodyValue("done"));
	}

	/**
	 * Do what no handler may: block the event loop, by default until the server is
	 * closed.
	 */
	private Mono<ServerResponse> block(ServerRequest request) {
		try {
			this.closed.await(Long.parseLong(request.queryParam("millis").orElse("30000")), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return ServerResponse.ok().build();
	}

	private Mono<ServerResponse> stubborn(ServerRequest request) {
		return Mono.fromFuture(new CompletableFuture<String>(), true)
			.flatMap((body) -> ServerResponse.ok().bodyValue(body));
	}

	private static Mono<ServerResponse> trailers(ServerRequest request) {
		HttpServerResponse response = ServerHttpResponseDecorator.getNativeResponse(request.exchange().getResponse());
		response.header("trailer", "checksum").trailerHeaders((trailers) -> trailers.set("checksum", "42"));
		return ServerResponse.ok().body(Flux.just("with ", "trailers"), String.class);
	}

	private static Mono<ServerResponse> count(ServerRequest request) {
		return request.bodyToFlux(DataBuffer.class).map((buffer) -> {
			int count = buffer.readableByteCount();
			DataBufferUtils.release(buffer);
			return (long) count;
		}).reduce(0L, Long::sum).flatMap((count) -> ServerResponse.ok().bodyValue(String.valueOf(count)));
	}

	private Mono<ServerResponse> order(ServerRequest request) {
		return request.bodyToMono(String.class).flatMap((body) -> {
			this.orders.merge(request.pathVariable("id"), 1, Integer::sum);
			return slow(request);
		});
	}

	private Flux<ServerSentEvent<String>> events() {
		return Flux.interval(Duration.ofMillis(100))
			.onBackpressureDrop()
			.map((number) -> ServerSentEvent.builder("event " + number).build())
			.doOnCancel(this.cancelled::incrementAndGet);
	}

	private Flux<DataBuffer> startOnly() {
		DataBuffer start = DefaultDataBufferFactory.sharedInstance.wrap("start".getBytes());
		return Flux.<DataBuffer>just(start).concatWith(Flux.never()).doOnCancel(this.cancelled::incrementAndGet);
	}

	private static Flux<DataBuffer> bytes(ServerRequest request) {
		long count = Long.parseLong(request.pathVariable("count"));
		return Flux.generate(() -> 0L, (offset, sink) -> {
			int length = (int) Math.min(CHUNK.length, count - offset);
			if (length > 0) {
				sink.next(DefaultDataBufferFactory.sharedInstance.wrap(CHUNK).split(length));
			}
			if (offset + length >= count) {
				sink.complete();
			}
			return offset + length;
		});
	}

	private static byte[] whole(ServerRequest request) {
		return BodyPattern.bytes(Integer.parseInt(request.pathVariable("count")));
	}

	private static Path file() {
		try {
			Path file = Files.createTempFile("pattern", ".bin");
			file.toFile().deleteOnExit();
			return Files.write(file, BodyPattern.bytes(FILE_SIZE));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Options of a server under test: its properties, and what is none.
	 */
	public static final class Options {

		private final List<String> properties = new ArrayList<>(List.of(ADDRESS));

		private @Nullable HttpHandler handler;

		private Consumer<Channel> bound = (channel) -> {
		};

		private Runnable beforeBind = () -> {
		};

		private @Nullable Duration sampleInterval;

		private boolean completeEventStreams;

		private SslBundle sslBundle = SSL_BUNDLE;

		/**
		 * Set properties, as {@code name=value}.
		 */
		Options properties(String... properties) {
			this.properties.addAll(List.of(properties));
			return this;
		}

		/**
		 * Leave all at its default that the test sets no property for, whatever the
		 * system properties say: for what these would change.
		 */
		Options defaults() {
			this.properties.clear();
			return properties(ADDRESS);
		}

		/**
		 * Serve all requests with one handler instead of those for each kind of request.
		 */
		public Options handler(HttpHandler handler) {
			this.handler = handler;
			return this;
		}

		/**
		 * Listen on all addresses, as in production.
		 */
		Options anyAddress() {
			this.properties.removeIf((property) -> property.startsWith("http3.server.address="));
			return this;
		}

		/**
		 * Do something with the socket.
		 */
		public Options bound(Consumer<Channel> bound) {
			this.bound = bound;
			return this;
		}

		/**
		 * Do something before each socket is bound.
		 */
		Options beforeBind(Runnable beforeBind) {
			this.beforeBind = beforeBind;
			return this;
		}

		Options sampleInterval(Duration sampleInterval) {
			this.sampleInterval = sampleInterval;
			return this;
		}

		/**
		 * Complete event streams at the shutdown, as the auto-configuration does.
		 */
		Options completeEventStreams() {
			this.completeEventStreams = true;
			return this;
		}

		Options sslBundle(SslBundle sslBundle) {
			this.sslBundle = sslBundle;
			return this;
		}

		private Http3ServerSettings sampled(Http3ServerSettings settings) {
			return (this.sampleInterval != null) ? new Http3ServerSettings(settings.address(), settings.port(),
					settings.otherPortIfTaken(), settings.workers(), settings.udpBuffers(), settings.quic(),
					settings.connectionIds(), settings.statelessReset(), settings.shutdown(), settings.shutdownPolicy(),
					settings.connectionPolicy(), settings.limits(), settings.forwardHeaders(), settings.compression(),
					this.sampleInterval) : settings;
		}

	}

	/**
	 * Tells of the shutdown, as that of an application does.
	 */
	private static final class Signal implements Http3ShutdownSignal {

		private final Sinks.Empty<Void> started = Sinks.empty();

		@Override
		public Mono<Void> started() {
			return this.started.asMono();
		}

		@Override
		public Mono<Void> started(ServerHttpRequest request) {
			return Mono.firstWithSignal(started(), ConnectionShutdownSignal.started(request));
		}

	}

}
