package io.github.http3spring.netty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.server.ConnectionCounts;
import io.github.http3spring.server.ShutdownVerdict;
import io.github.http3spring.shutdown.ConnectionShutdown;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.ConnectionClosedException;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.StreamResetException;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireStream;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.web.server.GracefulShutdownResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Connections whose handshake is under way when the shutdown starts: each is served and
 * shut down, or refused, and none is left in silence.
 */
@Execution(ExecutionMode.CONCURRENT)
class HandshakeInFlightIT {

	private static final Log logger = LogFactory.getLog(HandshakeInFlightIT.class);

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final CloseFrame REFUSED = new CloseFrame(false, 0x02, "");

	private static final long REQUEST_REJECTED = 0x10b;

	private static final int CONNECTIONS = 8;

	@ParameterizedTest
	@CsvSource({ "FIRST_FLIGHT_ARRIVED, 0", "FIRST_FLIGHT_ARRIVED, 0.05", "FINISHED_UNDER_WAY, 0",
			"FINISHED_UNDER_WAY, 0.05", "JUST_FINISHED, 0", "JUST_FINISHED, 0.05" })
	void clientIsServedAndShutDownOrRefused(Position position, double loss) throws Exception {
		WireOptions options = WireOptions.defaults().withAwaitSettings(false).withMaxIdleTimeout(Duration.ofSeconds(5));
		try (TestServer server = TestServer.start(TestServer.Options::defaults);
				UdpProxy proxy = UdpProxy.to(server.address(), 17);
				WireClient client = WireClient.create(options)) {
			for (Direction direction : Direction.values()) {
				proxy.delay(direction, Duration.ofMillis(50), Duration.ofMillis(10));
			}
			proxy.drop(Direction.TO_CLIENT, loss);
			List<Attempt> attempts = new ArrayList<>();
			for (int number = 0; number < CONNECTIONS; number++) {
				attempts.add(new Attempt(client.connect(proxy.address())));
			}
			await().atMost(Duration.ofSeconds(5))
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(1))
				.until(() -> proxy.forwarded(Direction.TO_SERVER) >= CONNECTIONS
						&& position.isReached(server, proxy, attempts));
			// Of a client whose first flight was lost the server cannot know
			proxy.drop(Direction.TO_SERVER, loss);
			// As in an application: when the shutdown is complete, the server is stopped
			CompletableFuture<Void> stopped = server.shutDown().thenRunAsync(server::stop);
			int refused = 0;
			for (Attempt attempt : attempts) {
				refused += attempt.isRefused() ? 1 : 0;
			}
			stopped.get(20, TimeUnit.SECONDS);
			ShutdownVerdict verdict = server.verdict();
			logger.info("Handshakes at the shutdown: " + position + ", loss " + loss + ": " + refused + " refused, "
					+ (CONNECTIONS - refused) + " shut down");
			assertThat(verdict.connections().completed()).isEqualTo(CONNECTIONS - refused);
			assertThat(verdict.isLossless()).isTrue();
			assertThat(verdict.duration()).isLessThan(Duration.ofSeconds(10));
		}
	}

	/**
	 * The client hears nothing and cannot go on. Before the end of the grace period the
	 * time for a handshake that the shutdown waits for may be over, which refuses it.
	 */
	@ParameterizedTest
	@CsvSource({ "500, 1, 0", "10000, 0, 1" })
	void verdictAndTotalsAgreeOnAHandshakeThatNeverEnds(long graceMillis, int failed, int refused) throws Exception {
		try (TestServer server = TestServer.start(TestServer.Options::defaults,
				"http3.server.shutdown.grace-period=" + graceMillis + "ms");
				UdpProxy proxy = UdpProxy.to(server.address());
				WireClient client = WireClient.create()) {
			proxy.dropAll(Direction.TO_CLIENT);
			CompletableFuture<WireConnection> attempt = client.connect(proxy.address());
			await().atMost(Duration.ofSeconds(5))
				.until(() -> server.server().snapshot(0, 1).get(5, TimeUnit.SECONDS).connectionCount() == 1);
			GracefulShutdownResult result = server.shutDown().get(8, TimeUnit.SECONDS);
			ShutdownVerdict verdict = server.verdict();
			assertThat(verdict.connections()).isEqualTo(new ConnectionCounts(0, refused, failed, 0, 0, 0, 0, 0));
			assertThat(server.server().getTotals().connections()).isEqualTo(verdict.connections());
			// Nothing of a request was processed
			assertThat(result).isEqualTo(GracefulShutdownResult.IDLE);
			assertThat(verdict).asString().startsWith("complete in ");
			assertThat(attempt).isNotCompleted();
		}
	}

	/**
	 * How far the first handshakes are at the start of the shutdown.
	 */
	enum Position {

		/**
		 * The server answers the client's first flight.
		 */
		FIRST_FLIGHT_ARRIVED {

			@Override
			boolean isReached(TestServer server, UdpProxy proxy, List<Attempt> attempts) {
				return proxy.pending(Direction.TO_CLIENT) > 0;
			}

		},

		/**
		 * The server has sent all of its part, and the end of the client's part is under
		 * way.
		 */
		FINISHED_UNDER_WAY {

			@Override
			boolean isReached(TestServer server, UdpProxy proxy, List<Attempt> attempts) {
				return attempts.stream().anyMatch((attempt) -> attempt.connection().isDone());
			}

		},

		/**
		 * The server has just seen the end of a handshake.
		 */
		JUST_FINISHED {

			@Override
			boolean isReached(TestServer server, UdpProxy proxy, List<Attempt> attempts) {
				return server.server().getTotals().connections().accepted() > 0;
			}

		};

		abstract boolean isReached(TestServer server, UdpProxy proxy, List<Attempt> attempts);

	}

	/**
	 * A client that sends a request as soon as its handshake is done.
	 */
	record Attempt(CompletableFuture<WireConnection> connection, CompletableFuture<WireStream> request) {

		Attempt(CompletableFuture<WireConnection> connection) {
			this(connection, connection.thenApply((ready) -> ready.get("/hello")));
		}

		/**
		 * Wait for the end, and return whether it was a refusal.
		 */
		boolean isRefused() throws Exception {
			CloseFrame close = end();
			if (close.equals(REFUSED)) {
				return true;
			}
			assertThat(close).isEqualTo(NO_ERROR);
			assertThat(this.connection.join().goAwayIds()).isSubsetOf(ConnectionShutdown.MAX_REQUEST_STREAM_ID, 4L, 0L);
			try {
				assertThat(this.request.join().response().get(10, TimeUnit.SECONDS).bodyAsString()).isEqualTo("hello");
			}
			catch (ExecutionException ex) {
				// Nothing was done for it, and the client is told so
				assertThat(ex.getCause()).satisfiesAnyOf(
						(cause) -> assertThat(cause).isInstanceOfSatisfying(StreamResetException.class,
								(reset) -> assertThat(reset.code()).isEqualTo(REQUEST_REJECTED)),
						(cause) -> assertThat(this.connection.join().goAwayIds()).last().isEqualTo(0L));
			}
			return false;
		}

		private CloseFrame end() throws Exception {
			try {
				return this.connection.get(10, TimeUnit.SECONDS).closed().get(10, TimeUnit.SECONDS);
			}
			catch (ExecutionException ex) {
				assertThat(ex).hasCauseInstanceOf(ConnectionClosedException.class);
				CloseFrame close = ((ConnectionClosedException) ex.getCause()).closeFrame();
				assertThat(close).as(ex.getMessage()).isNotNull();
				return close;
			}
		}

	}

}
