package io.github.http3spring.netty;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Counts responses that do not come to their end over a path that loses packets, of a
 * client that waits for them and sends nothing. {@code -Dstalled.responses} is the number
 * of seconds for each server.
 */
@EnabledIfSystemProperty(named = "stalled.responses", matches = "\\d+", disabledReason = "takes minutes")
class StalledResponsesIT {

	private static final Logger logger = LoggerFactory.getLogger(StalledResponsesIT.class);

	private static final int CLIENTS = 10;

	private static final int RESPONSES_PER_CONNECTION = 10;

	/**
	 * Some probe timeouts: probes get lost as well.
	 */
	private static final Duration STALLED = Duration.ofSeconds(6);

	private static final Duration ONE_WAY = Duration.ofMillis(2);

	private final AtomicInteger seeds = new AtomicInteger();

	@Test
	void responsesOverALossyPathComeToTheirEnd() throws Exception {
		try (PlainReactorNettyServer server = PlainReactorNettyServer.start(Duration.ofSeconds(20))) {
			countStalled("plain Reactor Netty", server.address());
		}
		try (TestServer server = TestServer.start("http3.server.workers=1")) {
			assertThat(countStalled("this project", server.address())).isZero();
		}
	}

	private int countStalled(String name, InetSocketAddress server) throws Exception {
		AtomicInteger complete = new AtomicInteger();
		AtomicInteger stalled = new AtomicInteger();
		long end = System.nanoTime() + Duration.ofSeconds(Integer.getInteger("stalled.responses")).toNanos();
		ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
		List<Future<Object>> clients = threads.invokeAll(Collections.nCopies(CLIENTS, () -> {
			while (System.nanoTime() < end) {
				download(server, complete, stalled);
			}
			return null;
		}));
		threads.shutdown();
		logger.info("| {} | {} responses | {} stalled |", name, complete, stalled);
		for (Future<Object> client : clients) {
			client.get();
		}
		assertThat(complete.get()).isPositive();
		return stalled.get();
	}

	private void download(InetSocketAddress server, AtomicInteger complete, AtomicInteger stalled) throws Exception {
		try (UdpProxy proxy = UdpProxy.to(server, this.seeds.getAndIncrement());
				WireClient client = WireClient.create(WireOptions.defaults().withEventLoops(1))) {
			for (Direction direction : Direction.values()) {
				proxy.drop(direction, 0.05);
				proxy.delay(direction, ONE_WAY, ONE_WAY);
				proxy.reorder(direction, 0.02);
			}
			WireConnection connection = get(client.connect(proxy.address()));
			for (int number = 0; number < RESPONSES_PER_CONNECTION; number++) {
				connection.get("/bytes/30000").response().get(STALLED.toMillis(), TimeUnit.MILLISECONDS);
				complete.incrementAndGet();
			}
		}
		catch (TimeoutException ex) {
			stalled.incrementAndGet();
		}
	}

}
