package io.github.http3spring.benchmarks.report;

import java.util.List;
import java.util.Locale;

import io.github.http3spring.benchmarks.server.Server;
import io.github.http3spring.benchmarks.workload.Metric;
import io.github.http3spring.benchmarks.workload.Sample;
import io.github.http3spring.benchmarks.workload.Workload;

/**
 * Writes what each round has measured as comma-separated values.
 */
final class Rounds {

	private final Results results;

	private final List<Server> servers;

	Rounds(Results results, List<Server> servers) {
		this.results = results;
		this.servers = servers;
	}

	String write(List<Workload> workloads) {
		StringBuilder text = new StringBuilder("workload,server,round,metric,unit,value,others\n");
		for (Workload workload : workloads) {
			for (Server server : this.servers) {
				List<Sample> samples = this.results.samples(workload, server);
				for (int round = 0; round < samples.size(); round++) {
					addRound(text, workload.name() + "," + server.name() + "," + (round + 1), samples.get(round));
				}
			}
		}
		return text.toString();
	}

	private static void addRound(StringBuilder text, String row, Sample sample) {
		for (Metric metric : Metric.values()) {
			Double value = sample.values().get(metric);
			if (value != null) {
				text.append(String.format(Locale.ROOT, "%s,%s,%s,%.3f,%.3f%n", row, metric.title(), metric.unit(),
						value, sample.others()));
			}
		}
	}

}
