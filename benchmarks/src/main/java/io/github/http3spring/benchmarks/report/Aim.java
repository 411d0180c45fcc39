package io.github.http3spring.benchmarks.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import io.github.http3spring.benchmarks.server.Server;
import io.github.http3spring.benchmarks.server.Servers;
import io.github.http3spring.benchmarks.workload.Metric;
import io.github.http3spring.benchmarks.workload.Workload;

/**
 * How a figure of one server shall compare to that of another.
 *
 * @param workload the name of the workload
 * @param metric the figure
 * @param server the name of the server
 * @param other the name of the one that it is compared with
 * @param factor the most, or where higher is better the least, that it shall be of the
 * other
 */
record Aim(String workload, Metric metric, String server, String other, double factor) {

	/**
	 * The aims of this project.
	 */
	static final List<Aim> ALL = List.of(new Aim("get", Metric.CPU_PER_REQUEST, Servers.HANDLER, Servers.FLOOR, 1.10),
			new Aim("get", Metric.CPU_PER_REQUEST, Servers.ANNOTATED, Servers.FLOOR, 1.80),
			new Aim("download", Metric.CPU_PER_MEBIBYTE, Servers.HANDLER, Servers.FLOOR, 0.42),
			new Aim("download", Metric.THROUGHPUT, Servers.HANDLER, Servers.FLOOR, 2.4),
			new Aim("get", Metric.CPU_PER_REQUEST, Servers.HANDLER, Servers.PLAIN, 1),
			new Aim("download", Metric.CPU_PER_MEBIBYTE, Servers.HANDLER, Servers.PLAIN, 1),
			new Aim("upload", Metric.CPU_PER_MEBIBYTE, Servers.HANDLER, Servers.PLAIN, 1),
			new Aim("handshake", Metric.CPU_PER_CONNECTION, Servers.HANDLER, Servers.PLAIN, 1),
			new Aim("resumption", Metric.CPU_PER_CONNECTION, Servers.HANDLER, Servers.PLAIN, 1),
			new Aim("idle", Metric.NATIVE_PER_CONNECTION, Servers.HANDLER, Servers.PLAIN, 1),
			new Aim("idle", Metric.HEAP_PER_CONNECTION, Servers.HANDLER, Servers.PLAIN, 1));

	/**
	 * Return what was reached.
	 * @param results what was measured
	 * @param servers the servers
	 * @param workloads the workloads
	 * @return the factor, if both were measured
	 */
	Optional<Double> reached(Results results, List<Server> servers, List<Workload> workloads) {
		Optional<Spread> own = spread(this.server, results, servers, workloads);
		Optional<Spread> others = spread(this.other, results, servers, workloads);
		return own.flatMap((value) -> others.map((base) -> value.median() / base.median()));
	}

	private Optional<Spread> spread(String name, Results results, List<Server> servers, List<Workload> workloads) {
		return workloads.stream()
			.filter((candidate) -> candidate.name().equals(this.workload))
			.flatMap((found) -> servers.stream()
				.filter((candidate) -> candidate.name().equals(name))
				.flatMap((server) -> results.spread(found, server, this.metric).stream()))
			.findFirst();
	}

	boolean isMet(double reached) {
		// As precise as it is written
		double rounded = Math.round(reached * 100) / 100.0;
		return this.metric.isHigherBetter() ? rounded >= this.factor : rounded <= this.factor;
	}

	String row(double reached) {
		return String.format(Locale.ROOT, "| `%s` | %s | `%s` at %s %.2f x `%s` | %.2f | %s |", this.workload,
				this.metric.title(), this.server, this.metric.isHigherBetter() ? "least" : "most", this.factor,
				this.other, reached, isMet(reached) ? "yes" : "**no**");
	}

}
