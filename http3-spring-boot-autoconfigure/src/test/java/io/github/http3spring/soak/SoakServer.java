package io.github.http3spring.soak;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.github.http3spring.actuate.Http3Endpoint;
import io.github.http3spring.netty.TestServer;
import io.github.http3spring.server.ConnectionSnapshot;
import io.github.http3spring.server.Http3ServerSnapshot;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.http.server.reactive.HttpHandler;

/**
 * The process of a server that runs for long: reloads its certificate, looks at itself
 * through its endpoint and retires a connection now and then. Writes its port first, then
 * a sample for each line that it reads, and shuts down gracefully when there are no more.
 */
public final class SoakServer {

	private static final Path FILE_DESCRIPTORS = Path.of("/proc/self/fd");

	private static final Duration LOOK = Duration.ofSeconds(1);

	private static final Duration RETIREMENT = Duration.ofSeconds(3);

	private static final Duration RELOAD = Duration.ofSeconds(20);

	private final AtomicLong subscriptions = new AtomicLong();

	private final AtomicLong problems = new AtomicLong();

	private final List<EventLoop> eventLoops = new CopyOnWriteArrayList<>();

	private final TestServer server;

	private final Http3Endpoint endpoint;

	private SoakServer() {
		countProblems();
		HttpHandler handler = TestServer.create().handler();
		HttpHandler counting = (request, response) -> handler.handle(request, response)
			.doOnSubscribe((subscription) -> this.subscriptions.incrementAndGet())
			.doFinally((signal) -> this.subscriptions.decrementAndGet());
		this.server = TestServer.start(
				(options) -> options.handler(counting).bound((channel) -> this.eventLoops.add(channel.eventLoop())),
				"http3.server.quic.max-idle-timeout=8s", "http3.server.quic.handshake-timeout=8s",
				"http3.server.ssl.early-data=true",
				"http3.server.quic.stateless-reset-key=a-key-that-is-long-enough-for-a-server");
		this.endpoint = new Http3Endpoint(this.server::server, Show.ALWAYS);
	}

	public static void main(String[] args) throws Exception {
		SoakServer server = new SoakServer();
		System.out.println(server.server.address().getPort());
		server.run();
	}

	/**
	 * Clients do what makes no line above INFO, but for attacks.
	 */
	private void countProblems() {
		AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {

			@Override
			protected void append(ILoggingEvent event) {
				if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
					SoakServer.this.problems.incrementAndGet();
				}
			}

		};
		appender.start();
		((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).addAppender(appender);
		((Logger) LoggerFactory.getLogger("io.github.http3spring")).setLevel(Level.WARN);
	}

	private void run() throws Exception {
		repeat(LOOK, this.endpoint.server(0, 100));
		repeat(RETIREMENT, Mono.defer(this::retireAny));
		repeat(RELOAD, Mono.fromRunnable(this.server::reload));
		BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		while (in.readLine() != null) {
			System.out.println(sample().format());
		}
		this.server.shutDown().get(30, TimeUnit.SECONDS);
		this.server.close();
	}

	/**
	 * Do something again and again. A machine that does much else may let an event loop
	 * look blocked.
	 */
	private static void repeat(Duration interval, Mono<?> action) {
		Flux.interval(interval)
			.onBackpressureDrop()
			.concatMap((tick) -> action.onErrorResume(TimeoutException.class, (ex) -> Mono.empty()))
			.subscribe();
	}

	private Mono<?> retireAny() {
		return Mono.fromFuture(this.server.server().snapshot(0, 100)).flatMap((snapshot) -> {
			List<ConnectionSnapshot> connections = snapshot.connections();
			return connections.isEmpty() ? Mono.empty()
					: this.endpoint.shutDownConnection(
							connections.get(ThreadLocalRandom.current().nextInt(connections.size())).id(),
							Duration.ofSeconds(5));
		});
	}

	private Sample sample() throws Exception {
		// Twice: what is only found to be unreachable by the first is freed after it
		System.gc();
		System.gc();
		// The detector reports what was collected with the next buffer
		ByteBufAllocator.DEFAULT.directBuffer(16).release();
		Runtime runtime = Runtime.getRuntime();
		Http3ServerSnapshot snapshot = this.server.server().snapshot(0, 0).get(10, TimeUnit.SECONDS);
		long timers = 0;
		for (EventLoop eventLoop : this.eventLoops) {
			timers += eventLoop.submit(() -> timers(eventLoop)).get(10, TimeUnit.SECONDS);
		}
		return new Sample(runtime.totalMemory() - runtime.freeMemory(), resident(),
				((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory(),
				Thread.getAllStackTraces().size(), descriptors(), timers, this.subscriptions.get(),
				snapshot.connectionCount(), snapshot.totals().requests().active(), this.problems.get());
	}

	private static long timers(EventLoop eventLoop) throws ReflectiveOperationException {
		Field queue = AbstractScheduledEventExecutor.class.getDeclaredField("scheduledTaskQueue");
		queue.setAccessible(true);
		Collection<?> timers = (Collection<?>) queue.get(eventLoop);
		if (timers == null) {
			return 0;
		}
		// To know what they are if there are too many
		timers.forEach(System.out::println);
		return timers.size();
	}

	private static long resident() throws IOException {
		try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
			String line = lines.filter((text) -> text.startsWith("VmRSS:")).findFirst().orElseThrow();
			return Long.parseLong(line.replaceAll("\\D", "")) << 10;
		}
	}

	private static long descriptors() throws IOException {
		try (Stream<Path> descriptors = Files.list(FILE_DESCRIPTORS)) {
			return descriptors.map(SoakServer::target)
				.filter((target) -> target.startsWith("socket:") || target.startsWith("anon_inode:"))
				.count();
		}
		catch (UncheckedIOException ex) {
			throw ex.getCause();
		}
	}

	private static String target(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString();
		}
		catch (IOException ex) {
			// Closed in the meantime, such as the one that lists the directory
			return "";
		}
	}

}
