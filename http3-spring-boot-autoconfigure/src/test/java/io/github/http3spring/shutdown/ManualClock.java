package io.github.http3spring.shutdown;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Runs scheduled tasks when a test lets time pass.
 */
final class ManualClock {

	private final List<Task> tasks = new ArrayList<>();

	private Duration now = Duration.ZERO;

	ConnectionTiming.Timer schedule(Duration delay, Runnable action) {
		Task task = new Task(this.now.plus(delay), action);
		this.tasks.add(task);
		return () -> this.tasks.remove(task);
	}

	/**
	 * Let time pass and run what is due, in the order of its time.
	 */
	void advance(Duration duration) {
		Duration end = this.now.plus(duration);
		for (Optional<Task> next = nextUntil(end); next.isPresent(); next = nextUntil(end)) {
			Task task = next.get();
			this.tasks.remove(task);
			this.now = task.time;
			task.action.run();
		}
		this.now = end;
	}

	long nanoTime() {
		return this.now.toNanos();
	}

	int pending() {
		return this.tasks.size();
	}

	private Optional<Task> nextUntil(Duration end) {
		return this.tasks.stream()
			.filter((task) -> task.time.compareTo(end) <= 0)
			.min(Comparator.comparing((task) -> task.time));
	}

	/**
	 * Compared by identity: two tasks may be due at the same time.
	 */
	private static final class Task {

		private final Duration time;

		private final Runnable action;

		Task(Duration time, Runnable action) {
			this.time = time;
			this.action = action;
		}

	}

}
