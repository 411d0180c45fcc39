package io.github.http3spring.benchmarks.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.benchmarks.client.Client;
import io.github.http3spring.benchmarks.client.Clients;
import io.github.http3spring.benchmarks.client.Load;
import io.github.http3spring.benchmarks.server.JvmProbe;
import io.github.http3spring.benchmarks.server.ServerProcess;

/**
 * The same request over and over, on connections that stay open for a round.
 */
abstract class RequestWorkload implements Workload {

	private static final Duration SLICE = Duration.ofSeconds(1);

	private static final int CONNECT_SECONDS = 30;

	private final Client.Request request;

	private final int connections;

	private final int streams;

	/**
	 * Create a workload.
	 * @param request the request
	 * @param connections the number of connections, each with a socket of its own
	 * @param streams the number of requests at once on each
	 */
	RequestWorkload(Client.Request request, int connections, int streams) {
		this.request = request;
		this.connections = connections;
		this.streams = streams;
	}

	@Override
	public void warmUp(ServerProcess server, Duration limit) throws Exception {
		WarmUp warmUp = new WarmUp(limit);
		try (Client client = Clients.create(server)) {
			List<Client.Connection> open = connect(client);
			while (warmUp.goesOn()) {
				warmUp.add(run(server, open));
			}
		}
	}

	@Override
	public Sample measure(ServerProcess server) throws Exception {
		try (Client client = Clients.create(server)) {
			List<Client.Connection> open = connect(client);
			Optional<JvmProbe> jvm = server.probe();
			long allocated = jvm.map(JvmProbe::allocated).orElse(0L);
			Slice slice = run(server, open);
			Map<Metric, Double> values = new EnumMap<>(Metric.class);
			jvm.ifPresent(
					(probe) -> values.put(Metric.ALLOCATION, (double) (probe.allocated() - allocated) / slice.count()));
			addValues(slice, values);
			return new Sample(values, slice.others());
		}
	}

	/**
	 * Add what a slice has shown.
	 * @param slice the slice
	 * @param values where to add it
	 */
	abstract void addValues(Slice slice, Map<Metric, Double> values);

	private Slice run(ServerProcess server, List<Client.Connection> open) throws Exception {
		return Slice.of(server.pid(), () -> Load.run(Load.lanes(open, this.streams, this.request), SLICE));
	}

	private List<Client.Connection> connect(Client client) throws Exception {
		List<Client.Connection> open = new ArrayList<>();
		for (int i = 0; i < this.connections; i++) {
			Client.Connection connection = client.connect().get(CONNECT_SECONDS, TimeUnit.SECONDS);
			// Each has its path and its congestion window before the clock starts
			connection.exchange(this.request).get(CONNECT_SECONDS, TimeUnit.SECONDS);
			open.add(connection);
		}
		return open;
	}

}
