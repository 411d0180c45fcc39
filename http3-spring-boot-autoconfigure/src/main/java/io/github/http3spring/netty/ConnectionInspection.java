package io.github.http3spring.netty;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.http3spring.netty.connection.Http3Connection;
import io.github.http3spring.server.ConnectionSnapshot;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the connections of one worker, and shuts some of them down, for people who
 * operate the server. Goes to the event loop of the worker from any thread. Nothing is
 * kept up to date for it: what nobody asks for costs nothing.
 */
final class ConnectionInspection {

	/**
	 * Time after which an event loop that has not begun with what it is asked for is
	 * taken for blocked.
	 */
	static final Duration REPLY_TIMEOUT = Duration.ofSeconds(2);

	/**
	 * Time for an event loop that has begun, which takes its time if there are many
	 * connections.
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
	 * Return the numbers of the connections, in the order of their arrival.
	 */
	CompletableFuture<List<Long>> serials() {
		return onEventLoop(
				() -> CompletableFuture
					.completedFuture(this.connections.live().stream().map(Http3Connection::serial).toList()),
				List.of());
	}

	/**
	 * Describe some of the connections.
	 * @param serials the numbers of the connections, some of which may have ended
	 * @return the connections by their numbers
	 */
	CompletableFuture<Map<Long, ConnectionSnapshot>> describe(Set<Long> serials) {
		return onEventLoop(() -> {
			List<Http3Connection> chosen = this.connections.live()
				.stream()
				.filter((connection) -> serials.contains(connection.serial()))
				.toList();
			Map<Long, ConnectionSnapshot> snapshots = new HashMap<>();
			return ConnectionBatches
				.forEach(this.eventLoop, chosen,
						(connection) -> snapshots.put(connection.serial(), connection.snapshot()))
				.thenApply((done) -> Map.copyOf(snapshots));
		}, Map.of());
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
	 * Do something on the event loop. One that is blocked does it later, and fails with a
	 * {@link TimeoutException}; so does one that is being released, which may drop what
	 * it was given.
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
			return started.orTimeout(REPLY_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
				.<T>thenCompose((stage) -> stage)
				.orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			return CompletableFuture.completedFuture(ifStopped);
		}
	}

}
