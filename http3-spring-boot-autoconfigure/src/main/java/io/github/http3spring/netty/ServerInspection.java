package io.github.http3spring.netty;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.http3spring.server.ConnectionSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the connections of all workers as if there were one, and shuts some of them
 * down.
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
		return ofAll(ConnectionInspection::serials, ServerInspection::concat).thenCompose((serials) -> {
			List<Long> chosen = serials.stream().sorted().skip(offset).limit(limit).toList();
			return describe(chosen).thenApply((connections) -> new Page(serials.size(), connections));
		});
	}

	private CompletableFuture<List<ConnectionSnapshot>> describe(List<Long> serials) {
		Set<Long> wanted = Set.copyOf(serials);
		return ofAll((worker) -> worker.describe(wanted), ServerInspection::merge)
			.thenApply((connections) -> serials.stream()
				.flatMap((serial) -> Stream.ofNullable(connections.get(serial)))
				.toList());
	}

	private static <T> List<T> concat(List<T> left, List<T> right) {
		return Stream.concat(left.stream(), right.stream()).toList();
	}

	private static Map<Long, ConnectionSnapshot> merge(Map<Long, ConnectionSnapshot> left,
			Map<Long, ConnectionSnapshot> right) {
		Map<Long, ConnectionSnapshot> all = new HashMap<>(left);
		all.putAll(right);
		return all;
	}

	/**
	 * Describe one connection.
	 */
	CompletableFuture<Optional<ConnectionSnapshot>> find(String id) {
		return ofAll((worker) -> worker.find(id), (left, right) -> left.or(() -> right));
	}

	/**
	 * Begin to shut all present connections down.
	 * @return how many this call has begun with
	 */
	CompletableFuture<Integer> shutDownAll(@Nullable Duration gracePeriod) {
		return ofAll((worker) -> worker.shutDownAll(gracePeriod), Integer::sum);
	}

	/**
	 * Begin to shut one connection down.
	 * @return whether there is such a connection
	 */
	CompletableFuture<Boolean> shutDown(String id, @Nullable Duration gracePeriod) {
		return ofAll((worker) -> worker.shutDown(id, gracePeriod), Boolean::logicalOr);
	}

	/**
	 * Ask all workers at once, and put their answers together.
	 */
	private <T> CompletableFuture<T> ofAll(Function<ConnectionInspection, CompletableFuture<T>> question,
			BinaryOperator<T> sum) {
		return this.workers.stream()
			.map(question)
			.toList()
			.stream()
			.reduce((left, right) -> left.thenCombine(right, sum))
			.orElseThrow();
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
