package io.github.http3spring.netty;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.netty.util.concurrent.EventExecutor;

/**
 * Does something with many connections, a few at a time, so that the event loop serves
 * requests in between. Confined to that event loop.
 */
final class ConnectionBatches {

	private static final int SIZE = 50;

	private static final long PAUSE_MILLIS = 1;

	private ConnectionBatches() {
	}

	/**
	 * Do something with each connection.
	 * @param eventLoop the event loop of the connections, on which this is called
	 * @param connections the connections
	 * @param action what to do with each connection that is still live
	 * @return completed when all is done; never, if the event loop is shut down before
	 */
	static CompletableFuture<Void> forEach(EventExecutor eventLoop, List<Http3Connection> connections,
			Consumer<Http3Connection> action) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		run(eventLoop, connections, action, done);
		return done;
	}

	private static void run(EventExecutor eventLoop, List<Http3Connection> connections,
			Consumer<Http3Connection> action, CompletableFuture<Void> done) {
		try {
			connections.stream().limit(SIZE).forEach(action);
		}
		catch (RuntimeException ex) {
			done.completeExceptionally(ex);
			return;
		}
		if (connections.size() <= SIZE) {
			done.complete(null);
			return;
		}
		List<Http3Connection> rest = connections.subList(SIZE, connections.size());
		eventLoop.schedule(() -> run(eventLoop, rest, action, done), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
	}

}
