package io.github.http3spring.netty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import io.github.http3spring.BufferLeaks;
import io.github.http3spring.server.Http3ServerSnapshot;
import io.github.http3spring.wire.ConnectionClosedException;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireEvent;
import io.github.http3spring.wire.WireOptions;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A server that is fuzzed, and what has to be true of it: another client gets its
 * answers, no connection and no request of an attacker stays, nothing unexpected is
 * logged, and no buffer leaks. All of it is checked after some inputs, which are written
 * to a file if it is not true.
 */
public final class FuzzedServer implements AutoCloseable {

	private static final int BATCH = Integer.getInteger("fuzz.batch", 500);

	/**
	 * Batches between two searches for leaks, which take garbage collections.
	 */
	private static final int LEAK_CHECK = 10;

	private static final int MAX_ATTEMPTS = 10;

	private static final FuzzedServer INSTANCE = new FuzzedServer();

	private final AtomicLong datagrams = new AtomicLong();

	private final Queue<String> problems = new ConcurrentLinkedQueue<>();

	private final AppenderBase<ILoggingEvent> problemRecorder;

	private final BufferLeaks leaks = new BufferLeaks();

	private final TestServer server;

	private final WireClient client;

	private WireConnection healthy;

	private final List<byte[]> batch = new ArrayList<>();

	private Runnable forget = () -> {
	};

	private int batches;

	private FuzzedServer() {
		HttpHandler handler = (request, response) -> request.getBody().map((buffer) -> {
			int count = buffer.readableByteCount();
			DataBufferUtils.release(buffer);
			return count;
		})
			.reduce(0, Integer::sum)
			.flatMap((count) -> response.writeWith(Mono.fromSupplier(() -> DefaultDataBufferFactory.sharedInstance
				.wrap(describe(request).getBytes(StandardCharsets.UTF_8)))));
		this.server = TestServer.start(
				(options) -> options.handler(handler)
					.bound((channel) -> channel.pipeline().addFirst(new DatagramCounter())),
				"http3.server.workers=1", "http3.server.quic.handshake-timeout=2s",
				"http3.server.quic.address-validation=never", "http3.server.quic.max-idle-timeout=30s",
				"http3.server.connection.max-resets=100000",
				"http3.server.quic.stateless-reset-key=a-key-that-is-long-enough-for-a-server");
		this.problemRecorder = recordProblems();
		this.client = WireClient.create(WireOptions.defaults().withRecordStreamEvents(false).withBodyLimit(0));
		this.healthy = connect(this.client);
	}

	/**
	 * Open a connection, for which a machine that does much else may need some attempts.
	 */
	WireConnection connect(WireClient client) {
		for (int attempt = 1;; attempt++) {
			try {
				return client.connect(this.server.address()).join();
			}
			catch (CompletionException ex) {
				assertThat(attempt).withFailMessage("No connection: %s", ex).isLessThan(MAX_ATTEMPTS);
			}
		}
	}

	/**
	 * Look at all that an application may look at.
	 */
	private static String describe(ServerHttpRequest request) {
		return request.getMethod() + " " + request.getURI() + request.getHeaders() + request.getCookies()
				+ request.getQueryParams() + request.getRemoteAddress();
	}

	private AppenderBase<ILoggingEvent> recordProblems() {
		AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {

			@Override
			protected void append(ILoggingEvent event) {
				boolean fromClient = event.getThreadName().startsWith("wire-client");
				if (event.getLevel().isGreaterOrEqual(Level.WARN) && !fromClient && !isOfRetiredId(event)) {
					FuzzedServer.this.problems.add(event + " " + cause(event));
				}
			}

		};
		appender.start();
		rootLogger().addAppender(appender);
		return appender;
	}

	/**
	 * Return whether an assertion has failed that is off in production: what quiche tells
	 * of retired connection ids is read after it was freed (quiche issue 2509).
	 */
	private static boolean isOfRetiredId(ILoggingEvent event) {
		IThrowableProxy cause = event.getThrowableProxy();
		return cause != null && cause.getClassName().equals(AssertionError.class.getName())
				&& cause.getStackTraceElementProxyArray()[0].toString().contains("QuicheQuicCodec.removeMapping");
	}

	private static String cause(ILoggingEvent event) {
		IThrowableProxy cause = event.getThrowableProxy();
		return (cause != null) ? cause.getClassName() + ": " + cause.getMessage() : "";
	}

	/**
	 * Return the only one.
	 */
	public static FuzzedServer instance() {
		return INSTANCE;
	}

	private static Logger rootLogger() {
		return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
	}

	/**
	 * End it for good: other tests of the virtual machine look for what is left.
	 */
	@Override
	public void close() {
		rootLogger().detachAppender(this.problemRecorder);
		this.client.close();
		this.server.close();
		this.leaks.close();
	}

	public InetSocketAddress address() {
		return this.server.address();
	}

	/**
	 * Return how many datagrams the server has read.
	 */
	public long datagrams() {
		return this.datagrams.get();
	}

	/**
	 * Wait until the server has read so many datagrams.
	 */
	public void awaitDatagrams(long number) {
		await().pollDelay(0, TimeUnit.MILLISECONDS)
			.pollInterval(100, TimeUnit.MICROSECONDS)
			.atMost(10, TimeUnit.SECONDS)
			.until(() -> datagrams() >= number);
	}

	/**
	 * Set what ends all connections of the attacker.
	 */
	public void onForget(Runnable forget) {
		this.forget = forget;
	}

	/**
	 * Note an input that was tried, and check the server if there have been enough.
	 */
	public void tried(byte[] input) {
		this.batch.add(input);
		if (this.batch.size() % 20 == 0) {
			// So that it is not idle for too long
			this.healthy.get("/");
		}
		if (this.batch.size() >= BATCH) {
			check();
		}
	}

	/**
	 * Check what has to be true.
	 */
	public void check() {
		this.forget.run();
		try {
			checkHealthy();
			await().atMost(60, TimeUnit.SECONDS).untilAsserted(() -> {
				Http3ServerSnapshot snapshot = get(this.server.server().snapshot(0, 10));
				assertThat(snapshot.connections()).as("connections").hasSizeLessThanOrEqualTo(1);
				assertThat(snapshot.totals().requests().active()).as("requests").isZero();
			});
			if (++this.batches % LEAK_CHECK == 0) {
				this.leaks.assertNone();
			}
			assertThat(this.problems).as("lines in the log").isEmpty();
		}
		catch (Exception | AssertionError ex) {
			write();
			throw new AssertionError("After " + this.batch.size() + " inputs", ex);
		}
		this.batch.clear();
	}

	/**
	 * Ask as another client. On a machine that stands still for too long its connection
	 * may have timed out.
	 */
	private void checkHealthy() throws Exception {
		try {
			assertThat(get(this.healthy.get("/").response()).status()).isEqualTo(200);
		}
		catch (ExecutionException ex) {
			if (!(ex.getCause() instanceof ConnectionClosedException closed)
					|| closed.type() != WireEvent.Type.IDLE_TIMEOUT) {
				throw ex;
			}
			this.healthy = connect(this.client);
			assertThat(get(this.healthy.get("/").response()).status()).isEqualTo(200);
		}
	}

	private void write() {
		try {
			Path file = Files.createDirectories(Path.of("target", "fuzz")).resolve("batch.txt");
			Files.write(file, this.batch.stream().map(HexFormat.of()::formatHex).toList());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@ChannelHandler.Sharable
	private final class DatagramCounter extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object msg) {
			// After it was processed
			ctx.fireChannelRead(msg);
			FuzzedServer.this.datagrams.incrementAndGet();
		}

	}

}
