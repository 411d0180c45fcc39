package io.github.http3spring.benchmarks.workload;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.benchmarks.client.Client;
import io.github.http3spring.benchmarks.client.Clients;
import io.github.http3spring.benchmarks.machine.Cores;
import io.github.http3spring.benchmarks.machine.CpuTime;
import io.github.http3spring.benchmarks.machine.MachineTime;
import io.github.http3spring.benchmarks.server.ServerProcess;

/**
 * The time from the start of a process to its first response, on one core.
 */
public final class StartUp implements Workload {

	private static final int ROUNDS = 3;

	private static final int LIMIT_SECONDS = 60;

	private static final CpuTime NOTHING = new CpuTime(Map.of());

	@Override
	public String name() {
		return "start-up";
	}

	@Override
	public String title() {
		return "Start-up, until the first response";
	}

	@Override
	public List<Metric> metrics() {
		return List.of(Metric.START_UP, Metric.START_UP_CPU);
	}

	@Override
	public int rounds(int wanted) {
		return Math.min(wanted, ROUNDS);
	}

	@Override
	public void warmUp(ServerProcess server, Duration limit) {
		// Each start is the first
	}

	@Override
	public Sample measure(ServerProcess server) throws Exception {
		MachineTime machine = MachineTime.now();
		long start = System.nanoTime();
		try (ServerProcess fresh = server.another(); Client client = Clients.create(fresh)) {
			client.connect()
				.thenCompose((connection) -> connection.exchange(Client.Request.get("/hello", 5)))
				.get(LIMIT_SECONDS, TimeUnit.SECONDS);
			long elapsed = System.nanoTime() - start;
			CpuTime cpu = CpuTime.of(fresh.pid());
			long own = cpu.workSince(NOTHING) + cpu.compilersSince(NOTHING);
			Map<Metric, Double> values = new EnumMap<>(Metric.class);
			values.put(Metric.START_UP, elapsed / 1e9);
			values.put(Metric.START_UP_CPU, own / 1e9);
			double capacity = (double) elapsed * Cores.OF_MACHINE;
			return new Sample(values, MachineTime.now().othersSince(machine, own / capacity));
		}
	}

}
