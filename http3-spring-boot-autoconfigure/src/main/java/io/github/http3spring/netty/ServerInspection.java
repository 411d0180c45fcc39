package io.github.http3spring.netty;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.http3spring.server.ConnectionSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the connections of all workers as if there were one, and shuts some of them
 * down. A worker that is blocked is left out, and named.
 */
final class ServerInspection {

	private final List<ConnectionInspection> workers;

	ServerInspection(List<ConnectionInspection> workers) {
		this.workers = workers;
	}

	/**
	 * Describe some of the connections, in the order of their arrival.
	 */
	CompletableFuture<Page> page(int offset, int limit) {
		return ask(this.workers, ConnectionInspection::serials).thenCompose((answers) -> {
			List<Long> serials = answers.values().stream().flatMap(List::stream).sorted().toList();
			List<Long> chosen = serials.stream().skip(offset).limit(limit).toList();
			Set<Long> wanted = Set.copyOf(chosen);
			return ask(answers.keySet(), (worker) -> worker.describe(wanted)).thenApply(
					(described) -> new Page(serials.size(), inOrder(chosen, described.values()), blocked(described)));
		});
	}

	private static List<ConnectionSnapshot> inOrder(List<Long> serials,
			Collection<Map<Long, ConnectionSnapshot>> described) {
		Map<Long, ConnectionSnapshot> all = new HashMap<>();
		described.forEach(all::putAll);
		return serials.stream().flatMap((serial) -> Stream.ofNullable(all.get(serial))).toList();
	}

	/**
	 * Describe one connection.
	 */
	CompletableFuture<Optional<ConnectionSnapshot>> find(String id) {
		return ask(this.workers, (worker) -> worker.find(id)).thenApply((answers) -> {
			Optional<ConnectionSnapshot> found = answers.values().stream().flatMap(Optional::stream).findFirst();
			expectAll(answers, found.isPresent());
			return found;
		});
	}

	/**
	 * Begin to shut all present connections down.
	 * @return how many this call has begun with, without those of a worker that is
	 * blocked, which does it as soon as it can
	 */
	CompletableFuture<Integer> shutDownAll(@Nullable Duration gracePeriod) {
		return ask(this.workers, (worker) -> worker.shutDownAll(gracePeriod))
			.thenApply((answers) -> answers.values().stream().mapToInt(Integer::intValue).sum());
	}

	/**
	 * Begin to shut one connection down.
	 * @return whether there is such a connection
	 */
	CompletableFuture<Boolean> shutDown(String id, @Nullable Duration gracePeriod) {
		return ask(this.workers, (worker) -> worker.shutDown(id, gracePeriod)).thenApply((answers) -> {
			boolean found = answers.containsValue(true);
			expectAll(answers, found);
			return found;
		});
	}

	/**
	 * Ask some of the workers at once.
	 * @return their answers, without those that are blocked
	 */
	private <T> CompletableFuture<Map<ConnectionInspection, T>> ask(Collection<ConnectionInspection> workers,
			Function<ConnectionInspection, CompletableFuture<T>> question) {
		Map<ConnectionInspection, T> answers = new ConcurrentHashMap<>();
		CompletableFuture<?>[] all = workers.stream()
			.map((worker) -> question.apply(worker)
				.thenAccept((answer) -> answers.put(worker, answer))
				.exceptionallyCompose(ServerInspection::ignoreIfBlocked))
			.toArray(CompletableFuture<?>[]::new);
		return CompletableFuture.allOf(all).thenApply((done) -> answers);
	}

	private static CompletionStage<@Nullable Void> ignoreIfBlocked(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException) ? failure.getCause() : failure;
		return (cause instanceof TimeoutException) ? CompletableFuture.completedFuture(null)
				: CompletableFuture.failedFuture(cause);
	}

	/**
	 * Refuse to say that there is no such connection if a worker that has not answered
	 * may have it.
	 */
	private void expectAll(Map<ConnectionInspection, ?> answers, boolean found) {
		List<Integer> blocked = blocked(answers);
		if (!found && !blocked.isEmpty()) {
			throw new CompletionException(new TimeoutException("HTTP/3 workers do not answer: " + blocked));
		}
	}

	private List<Integer> blocked(Map<ConnectionInspection, ?> answers) {
		return IntStream.range(0, this.workers.size())
			.filter((worker) -> !answers.containsKey(this.workers.get(worker)))
			.boxed()
			.toList();
	}

	/**
	 * Some of the connections.
	 *
	 * @param total the number of all connections
	 * @param connections the connections that were asked for
	 * @param blocked the workers whose connections are missing
	 */
	record Page(int total, List<ConnectionSnapshot> connections, List<Integer> blocked) {

		static final Page EMPTY = new Page(0, List.of(), List.of());

	}

}
