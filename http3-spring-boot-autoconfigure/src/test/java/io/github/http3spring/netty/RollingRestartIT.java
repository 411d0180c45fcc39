package io.github.http3spring.netty;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

import io.github.http3spring.server.ShutdownVerdict;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.ConnectionClosedException;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.StreamResetException;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;

import org.springframework.boot.web.server.GracefulShutdownResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Instances that replace each other under load, behind a proxy on a network that loses
 * packets. The client does what HTTP/3 allows and no more: it leaves a connection that
 * announces its end, and sends a request again only if it is told that nothing was done.
 * <p>
 * {@code -Drolling.seconds=60 -Drolling.restarts=5} runs it for longer.
 */
class RollingRestartIT {

	private static final Log logger = LogFactory.getLog(RollingRestartIT.class);

	private static final Duration DURATION = Duration.ofSeconds(Integer.getInteger("rolling.seconds", 12));

	private static final int RESTARTS = Integer.getInteger("rolling.restarts", 3);

	private static final int WORKERS = 16;

	private static final int CONNECTIONS = 4;

	private static final long CONNECTION_REFUSED = 0x02;

	private static final long REQUEST_REJECTED = 0x10b;

	@Test
	void noRequestFailsAndNoOrderIsExecutedTwice() throws Exception {
		Map<String, Integer> executed = new HashMap<>();
		Load load = null;
		TestServer server = start(0);
		try (UdpProxy proxy = UdpProxy.to(server.address(), 3);
				WireClient client = WireClient.create(WireOptions.defaults()
					.withRecordStreamEvents(false)
					.withConnectTimeout(Duration.ofSeconds(5)))) {
			for (Direction direction : Direction.values()) {
				proxy.drop(direction, 0.005);
				proxy.delay(direction, Duration.ofMillis(5), Duration.ofMillis(5));
			}
			load = new Load(client, proxy.address());
			for (int restart = 1; restart <= RESTARTS; restart++) {
				load.runUntil(DURATION.multipliedBy(restart).dividedBy(RESTARTS + 1));
				TestServer next = start(restart);
				replace(server, next, proxy, restart % 2 == 0);
				server.orders().forEach((id, count) -> executed.merge(id, count, Integer::sum));
				server = next;
			}
			load.runUntil(DURATION);
			load.stop();
		}
		finally {
			if (load != null) {
				load.abort();
			}
			server.close();
		}
		server.orders().forEach((id, count) -> executed.merge(id, count, Integer::sum));
		logger.info(load);
		assertThat(load.failures).isEmpty();
		assertThat(executed.keySet()).containsExactlyInAnyOrderElementsOf(load.orders);
		assertThat(executed.values()).containsOnly(1);
		assertThat(load.unanswered).hasValueLessThanOrEqualTo(RESTARTS);
		assertThat(load.completed).hasValueGreaterThan((int) DURATION.toSeconds() * 20);
	}

	/**
	 * Start an instance. Every other one will not wait for requests that are on their
	 * way, so that some are rejected.
	 */
	private static TestServer start(int number) {
		return (number % 2 == 1) ? TestServer.start("http3.server.shutdown.goaway-delay=0") : TestServer.start();
	}

	/**
	 * Replace an instance while the load goes on.
	 * @param late whether clients are sent to the new one only after the old one has
	 * begun to refuse them
	 */
	private static void replace(TestServer old, TestServer next, UdpProxy proxy, boolean late) throws Exception {
		if (!late) {
			proxy.retarget(next.address());
		}
		CompletableFuture<GracefulShutdownResult> result = old.shutDown();
		if (late) {
			await().during(Duration.ofMillis(100)).until(() -> true);
			proxy.retarget(next.address());
		}
		assertThat(result.get(30, TimeUnit.SECONDS)).isEqualTo(GracefulShutdownResult.IDLE);
		old.close();
		ShutdownVerdict verdict = old.verdict();
		assertThat(verdict.connections().completed()).isBetween(1L, 2L * CONNECTIONS);
		assertThat(verdict.connections().timedOut()).isZero();
		assertThat(verdict.connections().closedByPeer()).isZero();
		assertThat(verdict.requests().cancelled()).isZero();
	}

	/**
	 * Sends requests from several threads over a few connections.
	 */
	private static final class Load {

		private final long startedAt = System.nanoTime();

		private final ExecutorService threads = Executors.newFixedThreadPool(WORKERS);

		private final List<Future<?>> workers = new ArrayList<>();

		private final AtomicBoolean stopped = new AtomicBoolean();

		private final AtomicInteger completed = new AtomicInteger();

		private final AtomicInteger connections = new AtomicInteger();

		private final AtomicInteger refused = new AtomicInteger();

		private final AtomicInteger unanswered = new AtomicInteger();

		private final AtomicInteger retried = new AtomicInteger();

		private final ConcurrentLinkedQueue<String> orders = new ConcurrentLinkedQueue<>();

		private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

		Load(WireClient client, InetSocketAddress address) {
			List<Destination> destinations = new ArrayList<>();
			for (int number = 0; number < CONNECTIONS; number++) {
				destinations.add(new Destination(client, address));
			}
			for (int number = 0; number < WORKERS; number++) {
				Destination destination = destinations.get(number % CONNECTIONS);
				this.workers.add(this.threads.submit(() -> work(destination)));
			}
		}

		/**
		 * Let it go on until so long after its start.
		 */
		void runUntil(Duration time) {
			Duration left = time.minusNanos(System.nanoTime() - this.startedAt);
			if (!left.isNegative()) {
				await().atMost(left.plusSeconds(30))
					.during(left)
					.failFast(() -> assertThat(this.failures).isEmpty())
					.until(() -> true);
			}
		}

		void stop() throws Exception {
			this.stopped.set(true);
			for (Future<?> worker : this.workers) {
				worker.get(30, TimeUnit.SECONDS);
			}
			this.threads.shutdown();
			assertThat(this.threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		}

		/**
		 * End it, whatever has failed.
		 */
		void abort() {
			this.stopped.set(true);
			this.threads.shutdownNow();
		}

		private void work(Destination destination) {
			ThreadLocalRandom random = ThreadLocalRandom.current();
			while (!this.stopped.get()) {
				String millis = "?millis=" + random.nextInt(100);
				switch (random.nextInt(4)) {
					case 0 -> send(destination, (connection) -> connection.get("/slow" + millis), (response) -> {
					});
					case 1 -> send(destination, (connection) -> connection.get("/bytes/30000"),
							(response) -> assertThat(response.bodyLength()).isEqualTo(30_000));
					default -> {
						String id = UUID.randomUUID().toString();
						this.orders.add(id);
						send(destination, (connection) -> connection.post("/orders/" + id + millis, new byte[2000]),
								(response) -> assertThat(response.bodyAsString()).isEqualTo("done"));
					}
				}
			}
		}

		private void send(Destination destination, Function<WireConnection, WireStream> request,
				Consumer<WireResponse> check) {
			try {
				while (true) {
					WireConnection connection = destination.connection();
					WireStream stream = request.apply(connection);
					try {
						WireResponse response = stream.response().get(20, TimeUnit.SECONDS);
						assertThat(response.status()).isEqualTo(200);
						check.accept(response);
						this.completed.incrementAndGet();
						return;
					}
					catch (ExecutionException ex) {
						if (!isUnprocessed(connection, stream, ex.getCause())) {
							throw new IllegalStateException(connection.events() + " " + stream + " " + ex.getCause(),
									ex);
						}
						this.retried.incrementAndGet();
					}
				}
			}
			catch (Exception | AssertionError ex) {
				this.failures.add(ex.toString());
			}
		}

		/**
		 * Return whether the server has said that it has done nothing for a request (RFC
		 * 9114 sections 4.1.1 and 5.2).
		 */
		private static boolean isUnprocessed(WireConnection connection, WireStream stream, Throwable cause) {
			if (cause instanceof StreamResetException reset) {
				return reset.code() == REQUEST_REJECTED;
			}
			List<Long> goAwayIds = connection.goAwayIds();
			return cause instanceof ConnectionClosedException && !goAwayIds.isEmpty()
					&& stream.streamId() >= goAwayIds.get(goAwayIds.size() - 1);
		}

		@Override
		public String toString() {
			return String.format(
					"Rolling restart: %d restarts in %d s, %d requests completed of which %d POST, %d failed, "
							+ "%d sent again, %d connections, %d refused, %d not answered",
					RESTARTS, DURATION.toSeconds(), this.completed.get(), this.orders.size(), this.failures.size(),
					this.retried.get(), this.connections.get(), this.refused.get(), this.unanswered.get());
		}

		/**
		 * A connection and the one that follows it.
		 */
		private final class Destination {

			private final WireClient client;

			private final InetSocketAddress address;

			private WireConnection connection;

			Destination(WireClient client, InetSocketAddress address) {
				this.client = client;
				this.address = address;
			}

			synchronized WireConnection connection() throws Exception {
				while (this.connection == null || !this.connection.goAwayIds().isEmpty()) {
					try {
						this.connection = this.client.connect(this.address).get(20, TimeUnit.SECONDS);
						Load.this.connections.incrementAndGet();
					}
					catch (ExecutionException ex) {
						CloseFrame close = ((ConnectionClosedException) ex.getCause()).closeFrame();
						if (close == null) {
							// Its first packet was lost, and the instance gone before the
							// next:
							// no request was sent
							Load.this.unanswered.incrementAndGet();
						}
						else {
							assertThat(close.errorCode()).isEqualTo(CONNECTION_REFUSED);
							Load.this.refused.incrementAndGet();
						}
					}
				}
				return this.connection;
			}

		}

	}

}
