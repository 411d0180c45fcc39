package io.github.http3spring.benchmarks.workload;

import java.util.List;
import java.util.Map;

import io.github.http3spring.benchmarks.client.Client;

/**
 * Small responses, many at once.
 */
public final class SmallGet extends RequestWorkload {

	private static final int CONNECTIONS = 10;

	private static final int STREAMS = 10;

	/**
	 * It is the first, for which most is compiled.
	 */
	private static final int WEIGHT = 5;

	private final String name;

	/**
	 * Create the workload.
	 * @param name what it is selected by
	 */
	public SmallGet(String name) {
		super(Client.Request.get("/hello", 5), CONNECTIONS, STREAMS);
		this.name = name;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public String title() {
		return "Small GET: 13 bytes, 10 connections with 10 requests each at once";
	}

	@Override
	public int weight() {
		return WEIGHT;
	}

	@Override
	public List<Metric> metrics() {
		return List.of(Metric.CPU_PER_REQUEST, Metric.REQUEST_RATE, Metric.ALLOCATION);
	}

	@Override
	void addValues(Slice slice, Map<Metric, Double> values) {
		values.put(Metric.CPU_PER_REQUEST, slice.cpuEach() / 1e3);
		values.put(Metric.REQUEST_RATE, slice.perSecond());
	}

}
