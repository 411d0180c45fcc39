package io.github.http3spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.github.http3spring.server.Http3ServerCustomizer;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireStream;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;
import reactor.netty.http.client.HttpClient;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that nothing of the server outlives its application context.
 */
@Timeout(120)
@Isolated("counts what the whole process holds")
class Http3LeakIT {

	private static final int WARM_UP_ROUNDS = 11;

	private static final int ROUNDS = 100;

	private static final Path FILE_DESCRIPTORS = Path.of("/proc/self/fd");

	@TempDir
	static Path directory;

	private static Path keyStore;

	private final BufferLeaks leaks = new BufferLeaks();

	private final Logger ownLogger = (Logger) LoggerFactory.getLogger(Http3LeakIT.class.getPackageName());

	private final Queue<Channel> channels = new ConcurrentLinkedQueue<>();

	private final List<WeakReference<Object>> contexts = new ArrayList<>();

	@BeforeAll
	static void createKeyStore() throws Exception {
		keyStore = TestKeyStore.create(directory.resolve("server.p12"), "localhost");
	}

	@BeforeEach
	void logErrorsAlone() {
		this.ownLogger.setLevel(Level.ERROR);
	}

	@AfterEach
	void releaseLeaks() {
		this.leaks.close();
		this.ownLogger.setLevel(Level.INFO);
	}

	@Test
	void contextThatIsRefreshedAndClosedAHundredTimesLeavesNothing() {
		for (int round = 0; round < WARM_UP_ROUNDS; round++) {
			play(round);
		}
		awaitNoEventLoop();
		List<String> threads = threads();
		List<String> descriptors = descriptors();
		long allocations = directAllocations();
		for (int round = WARM_UP_ROUNDS; round < ROUNDS; round++) {
			play(round);
		}
		awaitNoEventLoop();
		await().atMost(TestHttpClient.TIMEOUT).untilAsserted(() -> {
			// Pools that are shared by the whole JVM may still grow a little
			assertThat(threads()).hasSizeLessThan(threads.size() + WARM_UP_ROUNDS);
			assertThat(descriptors()).hasSizeLessThanOrEqualTo(descriptors.size());
			assertThat(directAllocations()).isLessThanOrEqualTo(allocations);
		});
		assertThat(this.channels).isNotEmpty().noneMatch(Channel::isOpen);
		this.channels.clear();
		this.leaks.assertNone();
		assertThat(this.contexts).hasSize(ROUNDS);
		await().atMost(TestHttpClient.TIMEOUT).untilAsserted(() -> {
			System.gc();
			assertThat(this.contexts).filteredOn((context) -> context.get() != null).hasSizeLessThan(3);
		});
	}

	/**
	 * Start and close an application; every tenth has served, and every other one of
	 * those is closed with requests under way.
	 */
	private void play(int round) {
		try (ConfigurableApplicationContext context = start()) {
			this.contexts.add(new WeakReference<>(context));
			if (round % 20 == 0) {
				serve(context);
			}
			else if (round % 20 == 10) {
				closeWithRequestsUnderWay(context);
			}
		}
	}

	private static void serve(ConfigurableApplicationContext context) {
		try (TestHttpClient clients = new TestHttpClient()) {
			HttpClient client = clients.http3(TestApplication.http3Port(context));
			assertThat(TestHttpClient.get(client, "/hello")).isEqualTo("hello");
			assertThat(TestHttpClient.get(client, "/bytes/100000")).hasSize(100_000);
			context.close();
		}
	}

	/**
	 * The path is slow, so that packets still arrive after the close.
	 */
	private static void closeWithRequestsUnderWay(ConfigurableApplicationContext context) {
		InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(),
				TestApplication.http3Port(context));
		try (UdpProxy proxy = UdpProxy.to(server); WireClient client = WireClient.create()) {
			proxy.delay(Direction.TO_SERVER, Duration.ofMillis(30), Duration.ZERO);
			WireConnection connection = client.connect(proxy.address()).orTimeout(10, TimeUnit.SECONDS).join();
			connection.get("/never");
			connection.request("POST", "/sink", Map.of()).writePattern(Integer.MAX_VALUE);
			WireStream download = connection.get("/bytes/1000000000");
			await().atMost(TestHttpClient.TIMEOUT).until(() -> download.bytesReceived() > 0);
			context.close();
		}
	}

	private ConfigurableApplicationContext start() {
		Http3ServerCustomizer customizer = (server) -> server.doOnBound((bound) -> this.channels.add(bound.channel()))
			.doOnChannelInit((observer, channel, remoteAddress) -> this.channels.add(channel))
			.doOnConnection((connection) -> this.channels.add(connection.channel()));
		return TestApplication.builder(keyStore)
			.properties("http3.server.shutdown.grace-period=200ms", "http3.server.shutdown.goaway-delay=20ms")
			.initializers((context) -> ((GenericApplicationContext) context).registerBean(Http3ServerCustomizer.class,
					() -> customizer))
			.run();
	}

	private static void awaitNoEventLoop() {
		await().atMost(TestHttpClient.TIMEOUT)
			.untilAsserted(() -> assertThat(threads()).noneMatch((name) -> name.startsWith("http3-")
					|| name.startsWith("reactor-http-") || name.startsWith("test-client-")));
	}

	private static List<String> threads() {
		return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).sorted().toList();
	}

	/**
	 * Return what the process holds of sockets and of what event loops wait on, where the
	 * system tells.
	 */
	private static List<String> descriptors() {
		if (!Files.isDirectory(FILE_DESCRIPTORS)) {
			return List.of();
		}
		try (Stream<Path> descriptors = Files.list(FILE_DESCRIPTORS)) {
			return descriptors.map(Http3LeakIT::target)
				.filter((target) -> target.startsWith("socket:") || target.startsWith("anon_inode:"))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
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

	private static long directAllocations() {
		return PooledByteBufAllocator.DEFAULT.metric()
			.directArenas()
			.stream()
			.mapToLong(PoolArenaMetric::numActiveAllocations)
			.sum();
	}

}
