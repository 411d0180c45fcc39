package io.github.http3spring.netty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * How long downloads take from the moment on in which something happens to their path:
 * many of each kind, four at a time. Takes minutes, so only on demand.
 */
@EnabledIfSystemProperty(named = "path.mtu.downloads", matches = "\\d+",
		disabledReason = "repeats what PathMtuIT tests")
class PathMtuRecoveryIT {

	private static final Logger logger = LoggerFactory.getLogger(PathMtuRecoveryIT.class);

	private static final int SIZE = 2_000_000;

	private static final int AT_ONCE = 4;

	private static final WireOptions OPTIONS = WireOptions.defaults().withWindows(SIZE, SIZE / 10);

	private final int downloads = Integer.getInteger("path.mtu.downloads", 0);

	@ParameterizedTest
	@EnumSource
	void downloadsAreWhole(Event event) throws Exception {
		List<Long> times = new ArrayList<>();
		ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
		try (TestServer server = TestServer.start("http3.server.quic.discover-pmtu=true")) {
			List<Future<Long>> results = new ArrayList<>();
			for (int seed = 0; seed < this.downloads; seed++) {
				int number = seed;
				results.add(threads.submit(() -> download(server, event, number)));
			}
			for (Future<Long> result : results) {
				times.add(result.get());
			}
		}
		finally {
			threads.shutdownNow();
		}
		times.sort(null);
		logger.info("{}: {} downloads, median {} ms, 90 % {} ms, all {} ms", event, times.size(),
				times.get(times.size() / 2), times.get(times.size() * 9 / 10), times.get(times.size() - 1));
		assertThat(times).hasSize(this.downloads);
	}

	private static long download(TestServer server, Event event, int seed) throws Exception {
		try (UdpProxy proxy = UdpProxy.to(server.address(), seed); WireClient client = WireClient.create(OPTIONS)) {
			proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(10), Duration.ZERO);
			if (event == Event.SMALL_FROM_THE_START) {
				proxy.dropLarger(Direction.TO_CLIENT, 1300);
			}
			WireConnection connection = get(client.connect(proxy.address()));
			WireStream download = connection.get("/bytes/" + SIZE);
			if (event == Event.SHRINKS_DURING_AN_UPLOAD) {
				connection.post("/count", 10L * SIZE);
			}
			// At another moment in each
			awaitBytes(download, SIZE / 10 + (seed * 37_777) % (SIZE / 2));
			long time = System.nanoTime();
			event.happen(proxy, connection, download);
			WireResponse response = download.response().get(30, TimeUnit.SECONDS);
			assertThat(response.bodyLength()).isEqualTo(SIZE);
			assertThat(response.patternMatches()).isTrue();
			return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - time);
		}
	}

	private static void awaitBytes(WireStream download, long bytes) throws InterruptedException {
		while (download.bytesReceived() < bytes && !download.response().isDone()) {
			TimeUnit.MILLISECONDS.sleep(1);
		}
	}

	/**
	 * What happens to the path of a download.
	 */
	enum Event {

		NOTHING {

			@Override
			void happen(UdpProxy proxy, WireConnection connection, WireStream download) {
			}

		},

		SMALL_FROM_THE_START {

			@Override
			void happen(UdpProxy proxy, WireConnection connection, WireStream download) {
			}

		},

		SHRINKS {

			@Override
			void happen(UdpProxy proxy, WireConnection connection, WireStream download) {
				proxy.dropLarger(Direction.TO_CLIENT, 1300);
			}

		},

		SHRINKS_BOTH_WAYS {

			@Override
			void happen(UdpProxy proxy, WireConnection connection, WireStream download) {
				proxy.dropLarger(Direction.TO_CLIENT, 1200);
				proxy.dropLarger(Direction.TO_SERVER, 1200);
			}

		},

		SHRINKS_TWICE {

			@Override
			void happen(UdpProxy proxy, WireConnection connection, WireStream download) throws Exception {
				proxy.dropLarger(Direction.TO_CLIENT, 1400);
				awaitBytes(download, SIZE * 3 / 4);
				proxy.dropLarger(Direction.TO_CLIENT, 1250);
			}

		},

		SHRINKS_AND_LOSES {

			@Override
			void happen(UdpProxy proxy, WireConnection connection, WireStream download) {
				proxy.dropLarger(Direction.TO_CLIENT, 1300);
				proxy.drop(Direction.TO_CLIENT, 0.02);
			}

		},

		SHRINKS_DURING_AN_UPLOAD {

			@Override
			void happen(UdpProxy proxy, WireConnection connection, WireStream download) {
				proxy.dropLarger(Direction.TO_CLIENT, 1300);
			}

		},

		SHRINKS_BETWEEN_SMALL_RESPONSES {

			@Override
			void happen(UdpProxy proxy, WireConnection connection, WireStream download) throws Exception {
				proxy.dropLarger(Direction.TO_CLIENT, 1300);
				while (!download.response().isDone()) {
					get(connection.get("/hello").response());
				}
			}

		},

		MOVES_TO_A_SMALLER_ONE {

			@Override
			void happen(UdpProxy proxy, WireConnection connection, WireStream download) throws Exception {
				proxy.dropLarger(Direction.TO_CLIENT, 1300);
				proxy.rebind();
				get(connection.get("/hello").response());
			}

		};

		abstract void happen(UdpProxy proxy, WireConnection connection, WireStream download) throws Exception;

	}

}
