package io.github.http3spring.soak;

import java.util.List;

/**
 * Tells whether something grows for as long as a server runs, from values that were taken
 * while it had nothing to do. The first fifth of them is left out: what a process needs
 * once comes in that time.
 *
 * @param before the median of the first third of the others
 * @param after the median of the last third
 */
record Growth(long before, long after) {

	/**
	 * Fewer values than that say nothing.
	 */
	static final int MIN_VALUES = 8;

	/**
	 * Compare the beginning and the end.
	 * @param values the values in the order of time
	 */
	static Growth of(List<Long> values) {
		List<Long> warm = values.subList(values.size() / 5, values.size());
		int third = Math.max(1, warm.size() / 3);
		return new Growth(median(warm.subList(0, third)), median(warm.subList(warm.size() - third, warm.size())));
	}

	private static long median(List<Long> values) {
		return values.stream().sorted().toList().get((values.size() - 1) / 2);
	}

	/**
	 * Return whether there is more at the end than at the beginning.
	 * @param factor how many times as much is taken for the same
	 * @param slack how much more than that is taken for the same
	 */
	boolean exceeds(double factor, long slack) {
		return this.after > this.before * factor + slack;
	}

}
