package io.github.http3spring.sample.console;

import java.io.PrintStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Says every second and a half what a command waits for, so that nobody takes it for
 * dead.
 */
public final class Progress implements AutoCloseable {

	private static final int INTERVAL_MILLIS = 1500;

	private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "progress");
		thread.setDaemon(true);
		return thread;
	});

	private final PrintStream out;

	private volatile Phase phase = new Phase(System.nanoTime(), () -> "");

	/**
	 * Begin to speak.
	 * @param out where to
	 */
	public Progress(PrintStream out) {
		this.out = out;
		this.scheduler.scheduleAtFixedRate(this::print, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
	}

	/**
	 * Begin with another phase of the command.
	 * @param state says what is waited for
	 */
	public void enter(Supplier<String> state) {
		this.phase = new Phase(System.nanoTime(), state);
	}

	private void print() {
		Phase current = this.phase;
		this.out.printf("  %4d ms: %s%n", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - current.start()),
				current.state().get());
	}

	@Override
	public void close() {
		this.scheduler.shutdownNow();
	}

	private record Phase(long start, Supplier<String> state) {

	}

}
