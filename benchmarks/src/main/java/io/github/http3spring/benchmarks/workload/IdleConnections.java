package io.github.http3spring.benchmarks.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.benchmarks.client.Client;
import io.github.http3spring.benchmarks.client.Clients;
import io.github.http3spring.benchmarks.machine.MachineTime;
import io.github.http3spring.benchmarks.machine.Memory;
import io.github.http3spring.benchmarks.server.JvmProbe;
import io.github.http3spring.benchmarks.server.ServerProcess;

/**
 * 2,000 connections that were asked once and then do nothing, in a new process: memory
 * that was in use once is not given back.
 */
public final class IdleConnections implements Workload {

	private static final int CONNECTIONS = 2000;

	/**
	 * Opened before, so that what the first ones take is not counted.
	 */
	private static final int BEFORE = 200;

	private static final int AT_ONCE = 50;

	private static final int LIMIT_SECONDS = 60;

	private static final int ROUNDS = 2;

	private static final Client.Request REQUEST = Client.Request.get("/hello", 5);

	@Override
	public String name() {
		return "idle";
	}

	@Override
	public String title() {
		return "2,000 idle connections, each asked once";
	}

	@Override
	public List<Metric> metrics() {
		return List.of(Metric.NATIVE_PER_CONNECTION, Metric.HEAP_PER_CONNECTION);
	}

	@Override
	public int rounds(int wanted) {
		return Math.min(wanted, ROUNDS);
	}

	@Override
	public void warmUp(ServerProcess server, Duration limit) {
		// What it takes is memory
	}

	@Override
	public Sample measure(ServerProcess server) throws Exception {
		MachineTime start = MachineTime.now();
		try (ServerProcess fresh = server.another(); Client client = Clients.createSharing(fresh)) {
			Optional<JvmProbe> jvm = fresh.probe();
			open(client, BEFORE);
			long heap = jvm.map(JvmProbe::liveHeap).orElse(0L);
			long resident = Memory.resident(fresh.pid());
			open(client, CONNECTIONS);
			Map<Metric, Double> values = new EnumMap<>(Metric.class);
			jvm.ifPresent((probe) -> values.put(Metric.HEAP_PER_CONNECTION, each(probe.liveHeap() - heap)));
			values.put(Metric.NATIVE_PER_CONNECTION, each(Memory.resident(fresh.pid()) - resident));
			return new Sample(values, MachineTime.now().othersSince(start, 0));
		}
	}

	private static double each(long bytes) {
		return (double) bytes / CONNECTIONS / 1024;
	}

	private static void open(Client client, int count) throws Exception {
		for (int opened = 0; opened < count; opened += AT_ONCE) {
			List<CompletableFuture<?>> some = new ArrayList<>();
			for (int i = 0; i < AT_ONCE; i++) {
				some.add(client.connect().thenCompose((connection) -> connection.exchange(REQUEST)));
			}
			CompletableFuture.allOf(some.toArray(CompletableFuture[]::new)).get(LIMIT_SECONDS, TimeUnit.SECONDS);
		}
	}

}
