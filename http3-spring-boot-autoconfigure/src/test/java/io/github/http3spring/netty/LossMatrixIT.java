package io.github.http3spring.netty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.http3spring.shutdown.ConnectionShutdown;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.web.server.GracefulShutdownResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A response that is in flight when the shutdown starts, on networks that lose packets:
 * it has to arrive whole, and the client has to see the close.
 * <p>
 * A fixed part of the matrix runs by default. {@code -Dmatrix=full} runs all of it,
 * {@code -Dmatrix.seeds=5} that many times.
 */
@Execution(ExecutionMode.CONCURRENT)
class LossMatrixIT {

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final Duration GRACE_PERIOD = Duration.ofSeconds(30);

	private static final int PAYLOAD = 1200;

	static Stream<Network> networks() {
		boolean full = "full".equals(System.getProperty("matrix"));
		int seeds = Integer.getInteger("matrix.seeds", 1);
		List<Network> networks = new ArrayList<>();
		for (int seed = 1; seed <= seeds; seed++) {
			for (double loss : new double[] { 0, 0.01, 0.05, 0.2 }) {
				for (int roundTripMillis : new int[] { 0, 50, 200 }) {
					for (int size : new int[] { 0, 30_000, 1_000_000, 8_000_000 }) {
						Network network = new Network(loss, roundTripMillis, size, seed);
						if (network.isFeasible() && (full || network.isQuick())) {
							networks.add(network);
						}
					}
				}
			}
		}
		return networks.stream();
	}

	@ParameterizedTest
	@MethodSource("networks")
	void responseInFlightArrivesWholeAndTheCloseIsSeen(Network network) throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.grace-period=" + GRACE_PERIOD,
				"http3.server.shutdown.linger=0");
				UdpProxy proxy = UdpProxy.to(server.address(), network.seed());
				WireClient client = WireClient.create(WireOptions.defaults().withEventLoops(1))) {
			WireConnection connection = client.connect(proxy.address()).get(10, TimeUnit.SECONDS);
			for (Direction direction : Direction.values()) {
				proxy.drop(direction, network.loss());
				proxy.delay(direction, Duration.ofMillis(network.roundTripMillis() / 2), Duration.ZERO);
			}
			WireStream stream = connection.get("/bytes/" + network.size());
			stream.headersReceived().get(30, TimeUnit.SECONDS);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			WireResponse response = stream.response().get(40, TimeUnit.SECONDS);
			assertThat(response.bodyLength()).isEqualTo(network.size());
			assertThat(response.patternMatches()).isTrue();
			assertThat(connection.closed().get(10, TimeUnit.SECONDS)).isEqualTo(NO_ERROR);
			assertThat(connection.goAwayIds()).isSubsetOf(ConnectionShutdown.MAX_REQUEST_STREAM_ID, 4L);
			assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo(GracefulShutdownResult.IDLE);
			assertThat(server.verdict().connections().completed()).isOne();
		}
	}

	/**
	 * A cell of the matrix.
	 */
	record Network(double loss, int roundTripMillis, int size, int seed) {

		/**
		 * Leave out what congestion control does not carry in time: the rule is the
		 * well-known bound of 1.22 x payload / (RTT x sqrt(loss)) on the rate, with at
		 * least 5 ms for the round trip of a busy machine, and a third of it at 20 % loss
		 * where timeouts rule.
		 */
		boolean isFeasible() {
			return seconds() <= GRACE_PERIOD.toSeconds() / 2.0;
		}

		boolean isQuick() {
			return seconds() <= 4;
		}

		private double seconds() {
			if (this.loss == 0) {
				return 0;
			}
			double roundTrip = Math.max(5, this.roundTripMillis) / 1000.0;
			double rate = 1.22 * PAYLOAD / (roundTrip * Math.sqrt(this.loss));
			return this.size / ((this.loss >= 0.2) ? rate / 3 : rate);
		}

	}

}
