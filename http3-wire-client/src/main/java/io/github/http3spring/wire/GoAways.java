package io.github.http3spring.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * The GOAWAY frames of a connection, and the futures that wait for one. Thread-safe.
 */
final class GoAways {

	private final List<Long> ids = new ArrayList<>();

	private final List<CompletableFuture<Long>> awaited = new ArrayList<>();

	private @Nullable Throwable end;

	synchronized List<Long> ids() {
		return List.copyOf(this.ids);
	}

	CompletableFuture<Long> await(int number) {
		if (number < 1) {
			throw new IllegalArgumentException("The first GOAWAY is number 1");
		}
		return future(number).copy();
	}

	private synchronized CompletableFuture<Long> future(int number) {
		while (this.awaited.size() < number) {
			CompletableFuture<Long> future = new CompletableFuture<>();
			if (this.end != null) {
				future.completeExceptionally(this.end);
			}
			this.awaited.add(future);
		}
		return this.awaited.get(number - 1);
	}

	void add(long id) {
		int number;
		synchronized (this) {
			this.ids.add(id);
			number = this.ids.size();
		}
		// Not under the lock: a waiting caller may call us.
		future(number).complete(id);
	}

	void end(Throwable cause) {
		List<CompletableFuture<Long>> futures;
		synchronized (this) {
			this.end = cause;
			futures = List.copyOf(this.awaited);
		}
		futures.forEach((future) -> future.completeExceptionally(cause));
	}

}
