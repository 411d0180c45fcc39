package io.github.http3spring;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.http3spring.wire.UdpProxy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a page in Chromium sees when two instances behind one address are restarted in
 * turn.
 */
@EnabledIfSystemProperty(named = "browser.restarts", matches = "\\d+", disabledReason = "takes a minute")
@Isolated("a browser takes what a small machine has")
class BrowserRollingRestartIT {

	private static final Logger logger = LoggerFactory.getLogger(BrowserRollingRestartIT.class);

	private static final int RESTARTS = Integer.getInteger("browser.restarts", 5);

	private static final String ON_SHUTDOWN = System.getProperty("browser.on-shutdown", "clear");

	private static final String DELAY = System.getProperty("browser.pre-shutdown-delay", "500ms");

	/**
	 * Whether the load balancer knows of a restart before the instance does.
	 */
	private static final boolean AHEAD = Boolean.parseBoolean(System.getProperty("browser.ahead", "true"));

	@TempDir(cleanup = CleanupMode.NEVER)
	static Path directory;

	private static Path keyStore;

	@BeforeAll
	static void createKeyStore() throws Exception {
		keyStore = TestKeyStore.createSigned(directory.resolve("server.p12"), "localhost");
	}

	@Test
	void pageSeesNoFailureAndStaysOnHttp3() throws Exception {
		try (UdpProxy udp = UdpProxy.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9))) {
			int port = udp.address().getPort();
			ConfigurableApplicationContext current = PagedApplication.start(keyStore, 0, port, ON_SHUTDOWN, DELAY);
			ConfigurableApplicationContext other = PagedApplication.start(keyStore, 0, port, ON_SHUTDOWN, DELAY);
			udp.retarget(udpAddress(current));
			try (TcpRelay tcp = new TcpRelay(port, TestApplication.tcpPort(current));
					Browser browser = new Browser(BrowserKind.CHROMIUM, port, keyStore,
							Files.createTempDirectory(directory, "profile"))) {
				awaitHttp3(browser, 20);
				for (int restart = 0; restart < RESTARTS; restart++) {
					if (AHEAD) {
						udp.retarget(udpAddress(other));
						tcp.retarget(TestApplication.tcpPort(other));
					}
					current.close();
					udp.retarget(udpAddress(other));
					tcp.retarget(TestApplication.tcpPort(other));
					current = PagedApplication.start(keyStore, 0, port, ON_SHUTDOWN, DELAY);
					int seen = browser.fetches().size();
					await().atMost(Duration.ofSeconds(30)).until(() -> browser.fetches().size() > seen + 20);
					ConfigurableApplicationContext restarted = current;
					current = other;
					other = restarted;
				}
				List<String> results = browser.fetches().stream().map(Browser.Fetch::result).toList();
				Map<String, Long> counts = results.stream()
					.collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
				logger.info("{} restarts, on-shutdown {}, pre-shutdown-delay {}: {}, at the end {}", RESTARTS,
						ON_SHUTDOWN, DELAY, counts, results.get(results.size() - 1));
				assertThat(results).noneMatch((result) -> result.startsWith("failed"));
				assertThat(results.subList(results.size() - 8, results.size())).containsOnly("h3");
			}
			finally {
				current.close();
				other.close();
			}
		}
	}

	private static void awaitHttp3(Browser browser, int count) {
		await().atMost(Duration.ofSeconds(60))
			.until(() -> browser.fetches().stream().filter(Browser.Fetch::isHttp3).count() >= count);
	}

	private static InetSocketAddress udpAddress(ConfigurableApplicationContext context) {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), TestApplication.http3Port(context));
	}

}
