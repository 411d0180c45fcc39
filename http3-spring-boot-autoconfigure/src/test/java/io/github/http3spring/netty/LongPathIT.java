package io.github.http3spring.netty;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * How much is on its way at once on a path that takes long and carries much, and how long
 * it takes to get there. Takes minutes and a quiet machine, so only on demand.
 */
@EnabledIfSystemProperty(named = "long.path.millis", matches = "\\d+", disabledReason = "tells figures of a machine")
class LongPathIT {

	private static final Logger logger = LoggerFactory.getLogger(LongPathIT.class);

	private static final int SIZE = Integer.getInteger("long.path.kilobytes", 150_000) * 1_000;

	/** Of its UDP payload, what a packet has of a request. */
	private static final int CONTENT = 1_150;

	private static final Duration INTERVAL = Duration.ofMillis(50);

	private static final WireOptions OPTIONS = WireOptions.defaults().withWindows(64 << 20, 64 << 20);

	private final Duration roundTrip = Duration.ofMillis(Integer.getInteger("long.path.millis", 0));

	@ParameterizedTest
	@CsvSource({ "true,CUBIC", "false,CUBIC", "true,BBR" })
	void downloadsFillThePath(String hystart, String congestionControl) throws Exception {
		observe("down, " + congestionControl + ", hystart " + hystart, OPTIONS, (proxy, connection) -> {
			WireStream stream = connection.get("/bytes/" + SIZE);
			return new Transfer(stream.response(), stream::bytesReceived);
		}, "http3.server.quic.hystart=" + hystart, "http3.server.quic.congestion-control=" + congestionControl);
	}

	@ParameterizedTest
	@CsvSource({ "8MB,4MB,true", "256KB,128KB,true", "256KB,64KB,true", "512KB,256KB,true", "256KB,128KB,false",
			"8MB,4MB,false" })
	void uploadsFillThePath(String connectionWindow, String streamWindow, boolean hystart) throws Exception {
		observe("up, windows " + connectionWindow + " and " + streamWindow + ", hystart of the client " + hystart,
				OPTIONS.withHystart(hystart),
				(proxy, connection) -> new Transfer(connection.post("/count", SIZE).response(),
						() -> proxy.forwarded(Direction.TO_SERVER) * CONTENT),
				"http3.server.quic.initial-max-data=" + connectionWindow,
				"http3.server.quic.initial-max-stream-data-bidi-remote=" + streamWindow);
	}

	private void observe(String name, WireOptions options, Start start, String... properties) throws Exception {
		try (TestServer server = TestServer.start(properties);
				UdpProxy proxy = UdpProxy.to(server.address());
				WireClient client = WireClient.create(options)) {
			for (Direction direction : Direction.values()) {
				proxy.delay(direction, this.roundTrip.dividedBy(2), Duration.ZERO);
			}
			WireConnection connection = get(client.connect(proxy.address()));
			long begin = System.nanoTime();
			Transfer transfer = start.start(proxy, connection);
			long most = mostInARoundTrip(transfer);
			WireResponse response = transfer.response.get(5, TimeUnit.MINUTES);
			logger.info("{}: {} kB in {} ms, most in a round trip of {} ms {} kB, {} datagrams lost", name,
					SIZE / 1_000, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin), this.roundTrip.toMillis(),
					most / 1000, proxy.dropped(Direction.TO_CLIENT));
			assertThat(response.status()).isEqualTo(200);
		}
	}

	/**
	 * Look at fixed times: a sample is what the pause is for.
	 */
	private long mostInARoundTrip(Transfer transfer) throws InterruptedException {
		Deque<Long> counts = new ArrayDeque<>();
		long most = 0;
		while (!transfer.response.isDone()) {
			counts.addLast(transfer.bytes.getAsLong());
			if (counts.size() > this.roundTrip.dividedBy(INTERVAL)) {
				most = Math.max(most, counts.getLast() - counts.removeFirst());
			}
			TimeUnit.MILLISECONDS.sleep(INTERVAL.toMillis());
		}
		return most;
	}

	private record Transfer(CompletableFuture<WireResponse> response, LongSupplier bytes) {

	}

	private interface Start {

		Transfer start(UdpProxy proxy, WireConnection connection);

	}

}
