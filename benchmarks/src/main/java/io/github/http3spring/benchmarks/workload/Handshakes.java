package io.github.http3spring.benchmarks.workload;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.github.http3spring.benchmarks.client.Client;
import io.github.http3spring.benchmarks.client.Clients;
import io.github.http3spring.benchmarks.client.Http3Client;
import io.github.http3spring.benchmarks.client.Load;
import io.github.http3spring.benchmarks.server.ServerProcess;

/**
 * New connections, 50 at a time, each asked once and closed.
 */
public final class Handshakes implements Workload {

	private static final int AT_ONCE = 50;

	private static final int ROUNDS = 3;

	private static final Duration SLICE = Duration.ofSeconds(1);

	private static final Duration TICKETS = Duration.ofMillis(200);

	private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

	private static final Client.Request REQUEST = Client.Request.get("/hello", 5);

	private final boolean resuming;

	private Handshakes(boolean resuming) {
		this.resuming = resuming;
	}

	/**
	 * Create the workload of connections with a session of their own.
	 * @return the workload
	 */
	public static Handshakes full() {
		return new Handshakes(false);
	}

	/**
	 * Create the workload of connections that resume the session of an earlier one.
	 * @return the workload
	 */
	public static Handshakes resumed() {
		return new Handshakes(true);
	}

	@Override
	public String name() {
		return this.resuming ? "resumption" : "handshake";
	}

	@Override
	public String title() {
		return "Connections made, asked once and closed, 50 at a time"
				+ (this.resuming ? ", with the session of an earlier one" : "");
	}

	@Override
	public List<Metric> metrics() {
		return this.resuming ? List.of(Metric.CPU_PER_CONNECTION, Metric.CONNECTION_RATE, Metric.RESUMED)
				: List.of(Metric.CPU_PER_CONNECTION, Metric.CONNECTION_RATE);
	}

	@Override
	public int rounds(int wanted) {
		return Math.min(wanted, ROUNDS);
	}

	@Override
	public void warmUp(ServerProcess server, Duration limit) throws Exception {
		WarmUp warmUp = new WarmUp(limit);
		try (Client client = Clients.create(server)) {
			while (warmUp.goesOn()) {
				warmUp.add(run(server, client));
			}
		}
	}

	@Override
	public Sample measure(ServerProcess server) throws Exception {
		Map<Metric, Double> values = new EnumMap<>(Metric.class);
		if (!this.resuming) {
			try (Client client = Clients.create(server)) {
				return sample(run(server, client), values);
			}
		}
		try (Http3Client client = Http3Client.resuming(server.port())) {
			collectTickets(client);
			long before = client.fullHandshakes();
			Slice slice = run(server, client);
			long full = client.fullHandshakes() - before;
			values.put(Metric.RESUMED, 100.0 * (slice.count() - full) / slice.count());
			return sample(slice, values);
		}
	}

	/**
	 * The first ones have nothing to resume, so they are made before: twice as many as
	 * are open at once, because a ticket may come a packet later than the response after
	 * which the next connection is made.
	 */
	private static void collectTickets(Http3Client client) throws Exception {
		Load.run(lanes(client, 2 * AT_ONCE), TICKETS);
		long end = System.nanoTime() + CLOSE_LIMIT.toNanos();
		while (!client.isReadyToResume() && System.nanoTime() < end) {
			TimeUnit.MILLISECONDS.sleep(5);
		}
	}

	private static Sample sample(Slice slice, Map<Metric, Double> values) {
		values.put(Metric.CPU_PER_CONNECTION, slice.cpuEach() / 1e3);
		values.put(Metric.CONNECTION_RATE, slice.perSecond());
		return new Sample(values, slice.others());
	}

	private static Slice run(ServerProcess server, Client client) throws Exception {
		return Slice.of(server.pid(), () -> Load.run(lanes(client, AT_ONCE), SLICE));
	}

	private static List<Supplier<CompletableFuture<Client.Response>>> lanes(Client client, int count) {
		return Collections.nCopies(count, () -> once(client));
	}

	private static CompletableFuture<Client.Response> once(Client client) {
		return client.connect()
			.thenCompose((connection) -> connection.exchange(REQUEST)
				.whenComplete((response, failure) -> connection.close()));
	}

}
