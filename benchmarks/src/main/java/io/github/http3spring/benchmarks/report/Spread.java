package io.github.http3spring.benchmarks.report;

import java.util.List;

/**
 * The values of some rounds: the one in the middle, and the ends.
 *
 * @param median half of the values are not above it
 * @param least the least value
 * @param most the greatest value
 */
public record Spread(double median, double least, double most) {

	/**
	 * Sum up values.
	 * @param values at least one value
	 * @return their spread
	 */
	public static Spread of(List<Double> values) {
		List<Double> sorted = values.stream().sorted().toList();
		int middle = sorted.size() / 2;
		double median = (sorted.size() % 2 == 1) ? sorted.get(middle)
				: (sorted.get(middle - 1) + sorted.get(middle)) / 2;
		return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
	}

}
