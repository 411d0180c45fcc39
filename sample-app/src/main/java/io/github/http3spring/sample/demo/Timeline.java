package io.github.http3spring.sample.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.sample.console.Terminal;

/**
 * Sorts and prints what happened, on both sides.
 */
final class Timeline {

	private static final String HEAD = "%7s  %-12s  ";

	private final long start;

	private final List<Entry> entries = new ArrayList<>();

	/**
	 * Create a timeline.
	 * @param start the moment 0, as {@link System#nanoTime()} tells it
	 */
	Timeline(long start) {
		this.start = start;
	}

	/**
	 * Add what happened. What happened before the start is left out.
	 * @param nanoTime when
	 * @param who who saw it
	 * @param what what it was
	 */
	void add(long nanoTime, String who, String what) {
		long millis = TimeUnit.NANOSECONDS.toMillis(nanoTime - this.start);
		if (nanoTime >= this.start) {
			this.entries.add(new Entry(nanoTime - this.start, millis, who, what, 1));
		}
	}

	void print(PrintStream out, Terminal terminal) {
		out.println(HEAD.formatted("ms", "who") + "what");
		for (Entry entry : sorted()) {
			terminal.fit(HEAD.formatted(entry.millis(), entry.who()), entry.text()).forEach(out::println);
		}
	}

	/**
	 * Return the entries in order of time, those that say the same one after the other as
	 * one.
	 */
	List<Entry> sorted() {
		List<Entry> sorted = new ArrayList<>();
		this.entries.stream().sorted(Comparator.comparingLong(Entry::nanos)).forEach((entry) -> {
			int last = sorted.size() - 1;
			if (last >= 0 && sorted.get(last).saysTheSameAs(entry)) {
				sorted.set(last, entry.times(sorted.get(last).count() + 1));
			}
			else {
				sorted.add(entry);
			}
		});
		return sorted;
	}

	/**
	 * What happened.
	 *
	 * @param nanos when, since the start
	 * @param millis the same in milliseconds
	 * @param who who saw it
	 * @param what what it was
	 * @param count how often, one after the other; the times are those of the last
	 */
	record Entry(long nanos, long millis, String who, String what, int count) {

		boolean saysTheSameAs(Entry other) {
			return this.who.equals(other.who) && this.what.equals(other.what);
		}

		Entry times(int count) {
			return new Entry(this.nanos, this.millis, this.who, this.what, count);
		}

		String text() {
			return (this.count > 1) ? this.count + " x " + this.what : this.what;
		}

	}

}
