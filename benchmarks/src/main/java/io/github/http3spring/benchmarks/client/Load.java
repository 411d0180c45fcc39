package io.github.http3spring.benchmarks.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Does one thing over and over, as many times at once as there are lanes, until its time
 * is up.
 */
public final class Load {

	private static final Duration TAIL = Duration.ofSeconds(60);

	private final long end;

	private final AtomicLong count = new AtomicLong();

	private Load(long end) {
		this.end = end;
	}

	/**
	 * Do one thing over and over.
	 * @param lanes each does the thing once when it is called
	 * @param duration the time after which nothing is begun
	 * @return how many times it was done
	 * @throws Exception if it has failed once
	 */
	public static long run(List<? extends Supplier<? extends CompletableFuture<?>>> lanes, Duration duration)
			throws Exception {
		Load load = new Load(System.nanoTime() + duration.toNanos());
		List<CompletableFuture<Void>> ends = new ArrayList<>();
		lanes.forEach((lane) -> ends.add(load.start(lane)));
		CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
			.get(duration.plus(TAIL).toMillis(), TimeUnit.MILLISECONDS);
		return load.count.get();
	}

	/**
	 * Return lanes that send a request over and over.
	 * @param connections the connections
	 * @param streams the number of requests at once on each
	 * @param request the request
	 * @return the lanes
	 */
	public static List<Supplier<CompletableFuture<Client.Response>>> lanes(List<Client.Connection> connections,
			int streams, Client.Request request) {
		List<Supplier<CompletableFuture<Client.Response>>> lanes = new ArrayList<>();
		for (int i = 0; i < streams; i++) {
			connections.forEach((connection) -> lanes.add(() -> connection.exchange(request)));
		}
		return lanes;
	}

	private CompletableFuture<Void> start(Supplier<? extends CompletableFuture<?>> lane) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		next(lane, done);
		return done;
	}

	private void next(Supplier<? extends CompletableFuture<?>> lane, CompletableFuture<Void> done) {
		if (System.nanoTime() >= this.end) {
			done.complete(null);
			return;
		}
		lane.get().whenComplete((result, failure) -> {
			if (failure != null) {
				done.completeExceptionally(failure);
				return;
			}
			this.count.incrementAndGet();
			next(lane, done);
		});
	}

}
