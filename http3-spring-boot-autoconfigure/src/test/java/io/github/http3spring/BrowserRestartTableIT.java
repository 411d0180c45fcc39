package io.github.http3spring;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.http3spring.Browser.Fetch;
import io.github.http3spring.wire.UdpProxy;
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
 * The table of what each choice of {@code alt-svc.on-shutdown} costs the users of a
 * browser when an instance is restarted. Asks for the number of runs of each row.
 */
@EnabledIfSystemProperty(named = "browser.runs", matches = "\\d+", disabledReason = "takes minutes")
@Isolated("a browser takes what a small machine has")
class BrowserRestartTableIT {

	private static final Logger logger = LoggerFactory.getLogger(BrowserRestartTableIT.class);

	private static final int RUNS = Integer.getInteger("browser.runs", 1);

	private static final List<String> CHOICES = list("browser.on-shutdown", "withhold", "clear", "keep");

	private static final List<String> BROWSERS = list("browser.kinds", "chromium", "firefox");

	private static final List<String> DEPLOYMENTS = list("browser.deployments",
			Stream.of(Deployment.values()).map(Deployment::name).toArray(String[]::new));

	/**
	 * Time for a page to come back to HTTP/3 once the new instance serves.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	/**
	 * Fetches in a row that have to come over HTTP/3.
	 */
	private static final int SETTLED = 12;

	@TempDir(cleanup = CleanupMode.NEVER)
	static Path directory;

	@Test
	void everyChoiceHasItsCost() throws Exception {
		Path keyStore = TestKeyStore.createSigned(directory.resolve("server.p12"), "localhost");
		for (BrowserKind kind : BrowserKind.values()) {
			if (!kind.isInstalled() || !BROWSERS.contains(kind.name().toLowerCase())) {
				continue;
			}
			for (Deployment deployment : Deployment.values()) {
				if (!DEPLOYMENTS.contains(deployment.name())) {
					continue;
				}
				for (String choice : CHOICES) {
					List<Cost> costs = new ArrayList<>();
					for (int run = 0; run < RUNS; run++) {
						costs.add(cost(kind, deployment, keyStore, choice));
					}
					logger.info("| {} | {} | `{}` | {} | {} | {} | {} |", kind, deployment.description, choice,
							join(costs, Cost::failed), join(costs, Cost::withoutService), join(costs, Cost::overTcp),
							join(costs, Cost::backAfter));
				}
			}
		}
	}

	private static Cost cost(BrowserKind kind, Deployment deployment, Path keyStore, String choice) throws Exception {
		try (UdpProxy udp = UdpProxy.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9))) {
			// Free on TCP too, in all probability; a single instance is asked directly
			int port = (deployment.instances == 1) ? freePort() : udp.address().getPort();
			Instances instances = new Instances(deployment, keyStore, choice, port, udp);
			try (instances;
					Browser browser = new Browser(kind, port, keyStore,
							Files.createTempDirectory(directory, "profile"))) {
				await().atMost(Duration.ofSeconds(60)).until(() -> isSettled(browser.fetches(), 0));
				int before = browser.fetches().size();
				long start = System.nanoTime();
				instances.restart();
				int restarted = browser.fetches().size();
				long deadline = System.nanoTime() + PATIENCE.toNanos();
				await().atMost(PATIENCE.plusSeconds(5))
					.until(() -> isSettled(browser.fetches(), restarted) || System.nanoTime() - deadline > 0);
				return Cost.of(browser.fetches().subList(before - 1, browser.fetches().size()), start);
			}
		}
	}

	private static boolean isSettled(List<Fetch> fetches, int from) {
		int size = fetches.size();
		return size - from >= SETTLED && fetches.subList(size - SETTLED, size).stream().allMatch(Fetch::isHttp3);
	}

	private static int freePort() throws Exception {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	private static String join(List<Cost> costs, Function<Cost, Object> column) {
		return costs.stream().map(column).map(String::valueOf).collect(Collectors.joining(", "));
	}

	private static List<String> list(String property, String... all) {
		return List.of(System.getProperty(property, String.join(",", all)).split(","));
	}

	/**
	 * How the application is deployed.
	 */
	private enum Deployment {

		ONE("one, no delay", 1, "0s", false),

		ONE_WITH_DELAY("one, 2 s delay", 1, "2s", false),

		TWO_AHEAD("two, balancer first", 2, "2s", true),

		TWO("two, balancer late", 2, "2s", false);

		private final String description;

		private final int instances;

		private final String delay;

		private final boolean ahead;

		Deployment(String description, int instances, String delay, boolean ahead) {
			this.description = description;
			this.instances = instances;
			this.delay = delay;
			this.ahead = ahead;
		}

	}

	/**
	 * The instances, the first of which is restarted.
	 */
	private static final class Instances implements AutoCloseable {

		private final Deployment deployment;

		private final Path keyStore;

		private final String choice;

		private final int port;

		private final UdpProxy udp;

		private ConfigurableApplicationContext first;

		private ConfigurableApplicationContext other;

		private TcpRelay tcp;

		Instances(Deployment deployment, Path keyStore, String choice, int port, UdpProxy udp) throws Exception {
			this.deployment = deployment;
			this.keyStore = keyStore;
			this.choice = choice;
			this.port = port;
			this.udp = udp;
			this.first = start();
			if (deployment.instances > 1) {
				this.other = start();
				this.tcp = new TcpRelay(port, 0);
				direct(this.first);
			}
		}

		private ConfigurableApplicationContext start() {
			int own = (this.deployment.instances > 1) ? 0 : this.port;
			return PagedApplication.start(this.keyStore, own, this.port, this.choice, this.deployment.delay);
		}

		void restart() {
			if (this.deployment.ahead) {
				direct(this.other);
			}
			this.first.close();
			if (this.other != null) {
				direct(this.other);
			}
			this.first = start();
		}

		/**
		 * Send what is new to an instance.
		 */
		private void direct(ConfigurableApplicationContext instance) {
			this.udp
				.retarget(new InetSocketAddress(InetAddress.getLoopbackAddress(), TestApplication.http3Port(instance)));
			this.tcp.retarget(TestApplication.tcpPort(instance));
		}

		@Override
		public void close() throws IOException {
			this.first.close();
			if (this.other != null) {
				this.other.close();
				this.tcp.close();
			}
		}

	}

	/**
	 * What a restart has cost.
	 *
	 * @param failed the number of fetches that failed
	 * @param withoutService the longest time between two fetches that did not
	 * @param overTcp the number of fetches that came over TCP
	 * @param backAfter the time after which all came over HTTP/3 again
	 */
	private record Cost(long failed, String withoutService, long overTcp, String backAfter) {

		static Cost of(List<Fetch> fetches, long start) {
			assertThat(fetches.get(0).hasFailed()).isFalse();
			long last = fetches.get(0).endedAt();
			long longest = 0;
			long back = start;
			for (Fetch fetch : fetches) {
				if (!fetch.hasFailed()) {
					longest = Math.max(longest, fetch.endedAt() - last);
					last = fetch.endedAt();
				}
				if (!fetch.isHttp3()) {
					back = Long.MAX_VALUE;
				}
				else if (back == Long.MAX_VALUE) {
					back = fetch.endedAt();
				}
			}
			return new Cost(fetches.stream().filter(Fetch::hasFailed).count(), seconds(longest),
					fetches.stream().filter((fetch) -> !fetch.isHttp3() && !fetch.hasFailed()).count(),
					(back == Long.MAX_VALUE) ? "never" : seconds(back - start));
		}

		private static String seconds(long nanos) {
			return String.format("%.1f s", nanos / 1e9);
		}

	}

}
