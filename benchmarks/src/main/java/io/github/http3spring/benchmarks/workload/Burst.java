package io.github.http3spring.benchmarks.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.http3spring.benchmarks.client.Client;
import io.github.http3spring.benchmarks.client.Http3Client;
import io.github.http3spring.benchmarks.machine.Sockets;
import io.github.http3spring.benchmarks.server.ServerProcess;

/**
 * 200 clients that come in the same moment, as after a deployment.
 */
public final class Burst implements Workload {

	private static final int CLIENTS = 200;

	private static final int ROUNDS = 3;

	/**
	 * Clients try again when they have not heard for a second (RFC 9002, section 6.2.2).
	 */
	private static final long FIRST_PROBE_MILLIS = 950;

	private static final int LIMIT_SECONDS = 60;

	private static final Handshakes WARM_UP = Handshakes.full();

	@Override
	public String name() {
		return "burst";
	}

	@Override
	public String title() {
		return "200 connections in the same moment";
	}

	@Override
	public List<Metric> metrics() {
		return List.of(Metric.FIRST_TRY, Metric.ALL_CONNECTED, Metric.DATAGRAMS_LOST, Metric.CPU_PER_CONNECTION);
	}

	@Override
	public int rounds(int wanted) {
		return Math.min(wanted, ROUNDS);
	}

	@Override
	public void warmUp(ServerProcess server, Duration limit) throws Exception {
		WARM_UP.warmUp(server, limit);
	}

	@Override
	public Sample measure(ServerProcess server) throws Exception {
		long lost = Sockets.lostDatagrams(server.port());
		AtomicInteger first = new AtomicInteger();
		try (Http3Client client = Http3Client.create(server.port(), true)) {
			client.prepare(CLIENTS);
			Slice slice = Slice.of(server.pid(), () -> connect(client, first));
			Map<Metric, Double> values = new EnumMap<>(Metric.class);
			values.put(Metric.FIRST_TRY, (double) first.get());
			values.put(Metric.ALL_CONNECTED, slice.elapsed() / 1e6);
			values.put(Metric.DATAGRAMS_LOST, (double) (Sockets.lostDatagrams(server.port()) - lost));
			values.put(Metric.CPU_PER_CONNECTION, slice.cpuEach() / 1e3);
			return new Sample(values, slice.others());
		}
	}

	private static long connect(Client client, AtomicInteger first) throws Exception {
		List<CompletableFuture<?>> all = new ArrayList<>();
		long start = System.nanoTime();
		for (int i = 0; i < CLIENTS; i++) {
			all.add(client.connect().thenRun(() -> {
				if (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(FIRST_PROBE_MILLIS)) {
					first.incrementAndGet();
				}
			}));
		}
		CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(LIMIT_SECONDS, TimeUnit.SECONDS);
		return CLIENTS;
	}

}
