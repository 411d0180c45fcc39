package io.github.http3spring.benchmarks;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

import io.github.http3spring.benchmarks.machine.Cores;
import io.github.http3spring.benchmarks.report.Results;
import io.github.http3spring.benchmarks.server.Server;
import io.github.http3spring.benchmarks.server.ServerProcess;
import io.github.http3spring.benchmarks.server.Site;
import io.github.http3spring.benchmarks.workload.Sample;
import io.github.http3spring.benchmarks.workload.Workload;

/**
 * Starts the servers, and lets each do each workload in alternating rounds, so that what
 * else happens on the machine happens to all of them.
 */
final class Harness implements AutoCloseable {

	private final Site.Files files;

	private final Cores cores;

	private final PrintStream progress;

	private final Map<Server, ServerProcess> processes = new LinkedHashMap<>();

	private final Results results = new Results();

	private final BiPredicate<Server, Workload> matches;

	Harness(Site.Files files, Cores cores, BiPredicate<Server, Workload> matches, PrintStream progress) {
		this.matches = matches;
		this.files = files;
		this.cores = cores;
		this.progress = progress;
	}

	/**
	 * Measure.
	 * @param servers the servers
	 * @param workloads the workloads
	 * @param rounds how often each server does each workload
	 * @param warmUp the most time to warm up a server for a workload
	 * @param limit the time after which each workload that is left gets one round
	 * @return what was measured
	 */
	Results run(List<Server> servers, List<Workload> workloads, int rounds, Duration warmUp, Duration limit) {
		for (Server server : servers) {
			List<Workload> own = workloads.stream().filter((workload) -> this.matches.test(server, workload)).toList();
			if (!own.isEmpty()) {
				start(server, own);
			}
		}
		// No round before the last warm-up: most of what is compiled for one workload is
		// of use for others. Half of the time is for the rounds, and what one leaves is
		// for the next
		long begin = System.nanoTime();
		Budget budget = budget(workloads, limit.dividedBy(2));
		Map<Workload, List<Server>> able = new LinkedHashMap<>();
		for (Workload workload : workloads) {
			able.put(workload, warmUp(workload, warmUp, budget.next(workload.weight())));
		}
		budget = budget(workloads, limit.minusNanos(System.nanoTime() - begin));
		for (Workload workload : workloads) {
			measure(workload, able.get(workload), workload.rounds(rounds), budget.next(workload.weight()));
		}
		return this.results;
	}

	private static Budget budget(List<Workload> workloads, Duration limit) {
		return new Budget(limit, workloads.stream().mapToInt(Workload::weight).sum(), System::nanoTime);
	}

	/**
	 * Let servers do a workload until they are warm.
	 * @return those that can do it
	 */
	private List<Server> warmUp(Workload workload, Duration warmUp, Duration share) {
		List<Server> able = new ArrayList<>(this.processes.keySet());
		able.removeIf((server) -> !this.matches.test(server, workload));
		able.removeIf((server) -> isUnable(workload, server));
		Budget budget = new Budget(share, able.size(), System::nanoTime);
		able.removeIf((server) -> !warmUp(workload, server, least(warmUp, budget.next(1))));
		return able;
	}

	private void measure(Workload workload, List<Server> able, int rounds, Duration share) {
		long end = System.nanoTime() + share.toNanos();
		for (int round = 0; round < rounds && (round == 0 || System.nanoTime() < end); round++) {
			this.progress.println(workload.name() + ": round " + (round + 1) + " of " + rounds);
			able.removeIf((server) -> !measure(workload, server));
			// Whatever drifts during a round is shared out evenly
			Collections.reverse(able);
		}
	}

	private static Duration least(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	private void start(Server server, List<Workload> workloads) {
		String obstacle = server.obstacle().orElse(null);
		if (obstacle == null) {
			this.progress.println("start " + server.name());
			try {
				this.processes.put(server, ServerProcess.start(server, this.files, this.cores));
				return;
			}
			catch (Exception ex) {
				obstacle = reason(ex);
			}
		}
		for (Workload workload : workloads) {
			this.results.addObstacle(workload, server, obstacle);
		}
	}

	private boolean isUnable(Workload workload, Server server) {
		return server.obstacle(workload.name()).map((reason) -> {
			this.results.addObstacle(workload, server, reason);
			return true;
		}).orElse(false);
	}

	private boolean warmUp(Workload workload, Server server, Duration limit) {
		this.progress.println(workload.name() + ": warm up " + server.name());
		return succeeds(workload, server, (process) -> {
			// On a core of its own it would compile in between
			this.cores.divide(process.pid(), true);
			workload.warmUp(process, limit);
			this.cores.divide(process.pid(), server.sharesCores());
		});
	}

	private boolean measure(Workload workload, Server server) {
		return succeeds(workload, server, (process) -> {
			this.cores.divide(process.pid(), server.sharesCores());
			Sample sample = workload.measure(process);
			this.results.add(workload, server, sample);
		});
	}

	/**
	 * A connection may break once. What fails again is shown instead of figures.
	 */
	private boolean succeeds(Workload workload, Server server, Step step) {
		return succeedsAtOnce(workload, server, step) || succeedsAtOnce(workload, server, step);
	}

	private boolean succeedsAtOnce(Workload workload, Server server, Step step) {
		try {
			step.run(this.processes.get(server));
			this.results.removeObstacle(workload, server);
			return true;
		}
		catch (Exception ex) {
			this.progress.println(workload.name() + ": " + server.name() + " failed: " + reason(ex));
			this.results.addObstacle(workload, server, "failed: " + reason(ex));
			return false;
		}
	}

	private static String reason(Exception exception) {
		Throwable cause = (exception.getCause() != null) ? exception.getCause() : exception;
		return cause.toString();
	}

	/**
	 * Stop all servers.
	 */
	@Override
	public void close() {
		this.processes.values().forEach(ServerProcess::close);
	}

	private interface Step {

		void run(ServerProcess process) throws Exception;

	}

}
