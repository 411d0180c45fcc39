package io.github.http3spring.wire;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that {@link WireClient} and {@link UdpProxy} release what they hold.
 */
@Timeout(60)
class LeakTests {

	private static final String CANARY = "a canary that is leaked on purpose";

	@Test
	void neitherBuffersNorThreadsOutliveAClientThatIsClosedInTheMiddleOfThings() throws Exception {
		ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
		ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		Logger logger = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
		log.start();
		logger.addAppender(log);
		logger.setAdditive(false);
		try (TestServer server = new TestServer()) {
			for (int i = 0; i < 5; i++) {
				useAndCloseInTheMiddle(server);
			}
			ByteBufAllocator.DEFAULT.directBuffer(16).touch(CANARY);
			// Leaks are reported when they are collected and another buffer is allocated.
			await().atMost(Duration.ofSeconds(30)).until(() -> {
				System.gc();
				ByteBufAllocator.DEFAULT.directBuffer(16).release();
				return leaks(log).stream().anyMatch((leak) -> leak.contains(CANARY));
			});
			assertThat(leaks(log)).hasSize(1);
			assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.noneMatch((name) -> name.startsWith("wire-client") || name.startsWith("udp-proxy"));
		}
		finally {
			logger.detachAppender(log);
			logger.setAdditive(true);
			ResourceLeakDetector.setLevel(level);
		}
	}

	private void useAndCloseInTheMiddle(TestServer server) throws Exception {
		try (UdpProxy proxy = UdpProxy.to(server.address()); WireClient client = WireClient.create()) {
			proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(1), Duration.ofMillis(5));
			WireConnection connection = client.connect(proxy.address()).get(10, TimeUnit.SECONDS);
			connection.get("/hello").response().get(10, TimeUnit.SECONDS);
			WireStream download = connection.get("/pattern/3000000");
			WireStream upload = connection.request("POST", "/length", Map.of());
			upload.writePattern(1_000_000_000);
			connection.post("/stop/256", 1_000_000L);
			connection.get("/reset/256");
			connection.get("/pattern/1000000").cancel(0x10c);
			connection.openSilently();
			await().until(() -> download.bytesReceived() > 0);
			WireConnection abandoned = client.connect(server.address()).get(10, TimeUnit.SECONDS);
			abandoned.get("/pattern/1000000");
			abandoned.post("/length", 1_000_000L);
			abandoned.abandon();
			client.connect(proxy.address());
		}
	}

	private static List<String> leaks(ListAppender<ILoggingEvent> log) {
		return List.copyOf(log.list)
			.stream()
			.map(ILoggingEvent::getFormattedMessage)
			.filter((message) -> message.contains("LEAK"))
			.toList();
	}

}
