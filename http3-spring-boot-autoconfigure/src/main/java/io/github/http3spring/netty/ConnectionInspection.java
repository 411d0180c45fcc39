package io.github.http3spring.netty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.http3spring.netty.connection.Http3Connection;
import io.github.http3spring.server.ConnectionSnapshot;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the connections of one socket, and shuts some of them down, for people who
 * operate the server. Goes to the event loop of the socket from any thread. Nothing is
 * kept up to date for it: what nobody asks for costs nothing.
 */
final class ConnectionInspection {

	/**
	 * Time after which the event loop is taken for blocked.
	 */
	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	/**
	 * Longest grace period, which any clock can count.
	 */
	private static final Duration MAX_GRACE_PERIOD = Duration.ofDays(365);

	private final ConnectionRegistry connections;

	private final EventExecutor eventLoop;

	ConnectionInspection(ConnectionRegistry connections, EventExecutor eventLoop) {
		this.connections = connections;
		this.eventLoop = eventLoop;
	}

	/**
	 * Describe some of the connections.
	 */
	CompletableFuture<Page> page(int offset, int limit) {
		return onEventLoop(() -> {
			List<Http3Connection> live = this.connections.live();
			int start = Math.min(offset, live.size());
			int end = start + Math.min(limit, live.size() - start);
			List<ConnectionSnapshot> snapshots = new ArrayList<>(end - start);
			return ConnectionBatches
				.forEach(this.eventLoop, live.subList(start, end), (connection) -> snapshots.add(connection.snapshot()))
				.thenApply((done) -> new Page(live.size(), List.copyOf(snapshots)));
		}, Page.EMPTY);
	}

	/**
	 * Describe one connection.
	 */
	CompletableFuture<Optional<ConnectionSnapshot>> find(String id) {
		return onEventLoop(
				() -> CompletableFuture.completedFuture(this.connections.find(id).map(Http3Connection::snapshot)),
				Optional.empty());
	}

	/**
	 * Begin to shut all present connections down.
	 * @return how many this call has begun with
	 */
	CompletableFuture<Integer> shutDownAll(@Nullable Duration gracePeriod) {
		return onEventLoop(() -> {
			AtomicInteger count = new AtomicInteger();
			return ConnectionBatches.forEach(this.eventLoop, this.connections.live(), (connection) -> {
				if (connection.retire(orDefault(gracePeriod))) {
					count.incrementAndGet();
				}
			}).thenApply((done) -> count.get());
		}, 0);
	}

	/**
	 * Begin to shut one connection down.
	 * @return whether there is such a connection
	 */
	CompletableFuture<Boolean> shutDown(String id, @Nullable Duration gracePeriod) {
		return onEventLoop(() -> {
			Optional<Http3Connection> connection = this.connections.find(id);
			connection.ifPresent((present) -> present.retire(orDefault(gracePeriod)));
			return CompletableFuture.completedFuture(connection.isPresent());
		}, false);
	}

	private Duration orDefault(@Nullable Duration gracePeriod) {
		Duration period = (gracePeriod != null) ? gracePeriod : this.connections.shutdownPolicy().gracePeriod();
		return (period.compareTo(MAX_GRACE_PERIOD) < 0) ? period : MAX_GRACE_PERIOD;
	}

	/**
	 * Do something on the event loop. One that is being released may drop what it was
	 * given, hence the limit in time.
	 */
	private <T> CompletableFuture<T> onEventLoop(Callable<CompletableFuture<T>> task, T ifStopped) {
		try {
			CompletableFuture<CompletionStage<T>> started = new CompletableFuture<>();
			this.eventLoop.execute(() -> {
				try {
					started.complete(task.call());
				}
				catch (Exception ex) {
					started.completeExceptionally(ex);
				}
			});
			return started.<T>thenCompose((stage) -> stage).orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			return CompletableFuture.completedFuture(ifStopped);
		}
	}

	/**
	 * Some of the connections.
	 *
	 * @param total the number of all connections
	 * @param connections the connections that were asked for
	 */
	record Page(int total, List<ConnectionSnapshot> connections) {

		static final Page EMPTY = new Page(0, List.of());

	}

}
