package io.github.http3spring.benchmarks.workload;

import java.util.List;
import java.util.Map;

import io.github.http3spring.benchmarks.client.Client;

/**
 * Large bodies, in one direction.
 */
public final class Transfer extends RequestWorkload {

	/**
	 * Size of a download.
	 */
	public static final long DOWNLOAD = 10 << 20;

	private static final long UPLOAD = 1 << 20;

	private static final int CONNECTIONS = 4;

	private final String name;

	private final String title;

	private final long size;

	private Transfer(String name, String title, Client.Request request, long size) {
		super(request, CONNECTIONS, 1);
		this.name = name;
		this.title = title;
		this.size = size;
	}

	/**
	 * Create the workload of responses of 10 MiB.
	 * @param name what it is selected by
	 * @return the workload
	 */
	public static Transfer download(String name) {
		return new Transfer(name, "10 MiB down, 4 connections with one request each at once",
				Client.Request.get("/bytes/" + DOWNLOAD, DOWNLOAD), DOWNLOAD);
	}

	/**
	 * Create the workload of requests of 1 MiB.
	 * @return the workload
	 */
	public static Transfer upload() {
		return new Transfer("upload", "1 MiB up, 4 connections with one request each at once",
				Client.Request.post("/count", UPLOAD), UPLOAD);
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public String title() {
		return this.title;
	}

	@Override
	public List<Metric> metrics() {
		return List.of(Metric.CPU_PER_MEBIBYTE, Metric.THROUGHPUT);
	}

	@Override
	void addValues(Slice slice, Map<Metric, Double> values) {
		double mebibytes = this.size / (double) (1 << 20);
		values.put(Metric.CPU_PER_MEBIBYTE, slice.cpuEach() / 1e6 / mebibytes);
		values.put(Metric.THROUGHPUT, slice.perSecond() * this.size / 1e6);
	}

}
