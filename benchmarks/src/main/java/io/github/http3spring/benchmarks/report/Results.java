package io.github.http3spring.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.http3spring.benchmarks.server.Server;
import io.github.http3spring.benchmarks.workload.Metric;
import io.github.http3spring.benchmarks.workload.Sample;
import io.github.http3spring.benchmarks.workload.Workload;

/**
 * What was measured of each server and workload, and why some of it was not.
 */
public final class Results {

	private final Map<Row, List<Sample>> samples = new LinkedHashMap<>();

	private final Map<Row, String> obstacles = new LinkedHashMap<>();

	/**
	 * Add what a round has measured.
	 * @param workload the workload
	 * @param server the server
	 * @param sample the figures
	 */
	public void add(Workload workload, Server server, Sample sample) {
		this.samples.computeIfAbsent(new Row(workload, server), (row) -> new ArrayList<>()).add(sample);
	}

	/**
	 * Add why nothing can be measured.
	 * @param workload the workload
	 * @param server the server
	 * @param reason the reason
	 */
	public void addObstacle(Workload workload, Server server, String reason) {
		this.obstacles.put(new Row(workload, server), reason);
	}

	/**
	 * Note that something can be measured after all.
	 * @param workload the workload
	 * @param server the server
	 */
	public void removeObstacle(Workload workload, Server server) {
		this.obstacles.remove(new Row(workload, server));
	}

	/**
	 * Return the values of a metric.
	 * @param workload the workload
	 * @param server the server
	 * @param metric the metric
	 * @return their spread, if there are any
	 */
	public Optional<Spread> spread(Workload workload, Server server, Metric metric) {
		List<Double> values = samples(workload, server).stream()
			.filter((sample) -> sample.values().containsKey(metric))
			.map((sample) -> sample.values().get(metric))
			.toList();
		return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
	}

	/**
	 * Return the share of the machine that others used in the rounds of a row.
	 * @param workload the workload
	 * @param server the server
	 * @return the spread, if there was a round
	 */
	public Optional<Spread> others(Workload workload, Server server) {
		List<Double> values = samples(workload, server).stream().map(Sample::others).toList();
		return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
	}

	/**
	 * Return why a row is missing.
	 * @param workload the workload
	 * @param server the server
	 * @return the reason, if there is one
	 */
	public Optional<String> obstacle(Workload workload, Server server) {
		return Optional.ofNullable(this.obstacles.get(new Row(workload, server)));
	}

	/**
	 * Return all rounds of a row.
	 * @param workload the workload
	 * @param server the server
	 * @return the rounds, in their order
	 */
	public List<Sample> samples(Workload workload, Server server) {
		return this.samples.getOrDefault(new Row(workload, server), List.of());
	}

	private record Row(Workload workload, Server server) {

	}

}
