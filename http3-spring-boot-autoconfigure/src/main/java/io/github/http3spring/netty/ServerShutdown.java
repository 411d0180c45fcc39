package io.github.http3spring.netty;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.github.http3spring.netty.connection.LogFields;
import io.github.http3spring.netty.connection.ServerCounters;
import io.github.http3spring.server.ShutdownVerdict;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Shuts all workers of a server down in parallel, says how far it is, and gives one
 * verdict on all of them. Thread-safe.
 */
final class ServerShutdown {

	private static final Log logger = LogFactory.getLog(ServerShutdown.class);

	private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(5);

	/**
	 * Time for a worker to say how far it is: one that is blocked does not.
	 */
	private static final Duration PROGRESS_TIMEOUT = Duration.ofSeconds(1);

	private final List<Http3Socket> workers;

	private final List<ServerCounters> ledgers;

	private @Nullable CompletableFuture<ShutdownVerdict> verdict;

	ServerShutdown(List<Http3Socket> workers, List<ServerCounters> ledgers) {
		this.workers = workers;
		this.ledgers = ledgers;
	}

	/**
	 * Begin. Returns at once.
	 * @param gracePeriod time after which everything that is still open is cut off;
	 * ignored if the shutdown is under way
	 * @return completed when all workers have ended their connections, or cannot
	 */
	synchronized CompletableFuture<ShutdownVerdict> start(Duration gracePeriod) {
		if (this.verdict == null) {
			this.verdict = begin(gracePeriod);
		}
		return this.verdict;
	}

	private CompletableFuture<ShutdownVerdict> begin(Duration gracePeriod) {
		long startedAt = System.nanoTime();
		// Asked before they begin, so that what has arrived by then is counted
		progress().thenAccept((open) -> logger
			.info(String.format("HTTP/3 shutdown started: %d connections, %d requests, at most %d ms",
					open.connections(), open.requests(), gracePeriod.toMillis())));
		List<CompletableFuture<WorkerVerdict>> verdicts = this.workers.stream()
			.map((worker) -> worker.shutDown(gracePeriod))
			.toList();
		CompletableFuture<ShutdownVerdict> verdict = CompletableFuture
			.allOf(verdicts.toArray(CompletableFuture<?>[]::new))
			.thenApply((done) -> judge(verdicts.stream().map(CompletableFuture::join).toList()));
		watchProgress(verdict, startedAt);
		return verdict;
	}

	private ShutdownVerdict judge(List<WorkerVerdict> verdicts) {
		ShutdownVerdict verdict = verdicts.stream()
			.map((worker) -> worker.verdict().get())
			.reduce(ShutdownVerdict::plus)
			.orElseThrow();
		String blocked = verdicts.stream()
			.map(WorkerVerdict::blocked)
			.filter((reason) -> reason != null)
			.collect(Collectors.joining(System.lineSeparator()));
		if (blocked.isEmpty()) {
			LogFields.with(LogFields.of(verdict), () -> logger.info("HTTP/3 shutdown " + verdict));
			this.ledgers.get(0).shutdownEnded(verdict.duration());
		}
		else {
			logger.error("HTTP/3 shutdown " + verdict + "; " + blocked);
		}
		return verdict;
	}

	private void watchProgress(CompletableFuture<ShutdownVerdict> verdict, long startedAt) {
		CompletableFuture<@Nullable Void> timer = new CompletableFuture<>();
		timer.completeOnTimeout(null, PROGRESS_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
		verdict.whenComplete((result, ex) -> timer.cancel(false));
		timer.thenRun(() -> {
			logProgress(verdict, startedAt);
			watchProgress(verdict, startedAt);
		});
	}

	/**
	 * Say what the shutdown waits for.
	 */
	private void logProgress(CompletableFuture<ShutdownVerdict> verdict, long startedAt) {
		progress().thenAccept((waitsFor) -> {
			if (!verdict.isDone()) {
				Duration elapsed = Duration.ofNanos(System.nanoTime() - startedAt);
				logger.info("HTTP/3 shutdown waits since " + elapsed.toMillis() + " ms for " + waitsFor);
			}
		});
	}

	/**
	 * Return what is open, as far as event loops answer.
	 */
	private CompletableFuture<ShutdownProgress> progress() {
		CompletableFuture<ShutdownProgress> progress = CompletableFuture.completedFuture(ShutdownProgress.NONE);
		for (Http3Socket worker : this.workers) {
			CompletableFuture<ShutdownProgress> own = worker.progress()
				.completeOnTimeout(ShutdownProgress.NONE, PROGRESS_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
			progress = progress.thenCombine(own, ShutdownProgress::plus);
		}
		return progress;
	}

}
