package io.github.http3spring.sample.demo;

import java.io.PrintStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Says every second and a half what the demo waits for, so that nobody takes it for dead.
 */
final class Progress implements AutoCloseable {

	private static final int INTERVAL_MILLIS = 1500;

	private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "demo-progress");
		thread.setDaemon(true);
		return thread;
	});

	private final PrintStream out;

	private final DemoClients clients;

	Progress(PrintStream out, DemoClients clients) {
		this.out = out;
		this.clients = clients;
	}

	void start() {
		long start = System.nanoTime();
		this.scheduler.scheduleAtFixedRate(() -> print(System.nanoTime() - start), INTERVAL_MILLIS, INTERVAL_MILLIS,
				TimeUnit.MILLISECONDS);
	}

	private void print(long elapsedNanos) {
		long open = this.clients.connections().stream().filter((connection) -> !connection.isClosed()).count();
		long missing = this.clients.requests()
			.stream()
			.filter((request) -> !request.stream().response().isDone())
			.count();
		this.out.printf("  %4d ms: %d connections are open, %d responses on their way%n",
				TimeUnit.NANOSECONDS.toMillis(elapsedNanos), open, missing);
	}

	@Override
	public void close() {
		this.scheduler.shutdownNow();
	}

}
