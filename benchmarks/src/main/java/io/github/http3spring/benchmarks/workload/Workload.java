package io.github.http3spring.benchmarks.workload;

import java.time.Duration;
import java.util.List;

import io.github.http3spring.benchmarks.server.ServerProcess;

/**
 * Something that servers are asked to do.
 */
public interface Workload {

	/**
	 * Return what it is selected by.
	 * @return the name
	 */
	String name();

	/**
	 * Return what it is called in tables.
	 * @return the title
	 */
	String title();

	/**
	 * Return what it measures, the figure that servers are compared by first.
	 * @return the metrics
	 */
	List<Metric> metrics();

	/**
	 * Return how much of the time of a run it gets, compared with others.
	 * @return the weight
	 */
	default int weight() {
		return 1;
	}

	/**
	 * Return how often it is worth measuring.
	 * @param wanted how often it shall be measured
	 * @return how often to measure it
	 */
	default int rounds(int wanted) {
		return wanted;
	}

	/**
	 * Let a server do it until its JVM has compiled what there is to compile.
	 * @param server the server
	 * @param limit the most time to take for it
	 * @throws Exception if the server cannot do it
	 */
	void warmUp(ServerProcess server, Duration limit) throws Exception;

	/**
	 * Let a server do it once, and measure.
	 * @param server the server
	 * @return what was measured
	 * @throws Exception if the server cannot do it
	 */
	Sample measure(ServerProcess server) throws Exception;

}
