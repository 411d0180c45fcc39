package io.github.http3spring.benchmarks.report;

import java.util.List;
import java.util.stream.Collectors;

import io.github.http3spring.benchmarks.server.Server;
import io.github.http3spring.benchmarks.workload.Workload;

/**
 * The results of a run as a reader gets them.
 */
public final class Report {

	private final Results results;

	private final List<Server> servers;

	private final List<Workload> workloads;

	/**
	 * Create a report.
	 * @param results what was measured
	 * @param servers the servers, in the order of the rows
	 * @param workloads the workloads, in the order of the tables
	 */
	public Report(Results results, List<Server> servers, List<Workload> workloads) {
		this.results = results;
		this.servers = servers;
		this.workloads = workloads;
	}

	/**
	 * Return all tables.
	 * @return them in Markdown
	 */
	public String tables() {
		Table table = new Table(this.results, this.servers);
		return this.workloads.stream().map(table::write).collect(Collectors.joining("\n"));
	}

}
