package io.github.http3spring.netty;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import io.github.http3spring.server.Http3ServerTotals;
import io.github.http3spring.server.ShutdownVerdict;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Gives a verdict on a shutdown whose event loop does not answer, in all likelihood
 * because a handler blocks it. Nobody can be told anything then, but the application has
 * to end nevertheless, and its owner has to know where the event loop is stuck. Reads
 * only what any thread may read.
 */
final class BlockedShutdown {

	private static final Log logger = LogFactory.getLog(BlockedShutdown.class);

	private static final int MAX_STACK_FRAMES = 30;

	private final EventLoop eventLoop;

	private final ServerCounters counters;

	private final Http3ServerTotals before;

	private final long startedAt = System.nanoTime();

	/**
	 * Begin with a shutdown.
	 * @param eventLoop the event loop of the connections
	 * @param counters count what the server does
	 */
	BlockedShutdown(EventLoop eventLoop, ServerCounters counters) {
		this.eventLoop = eventLoop;
		this.counters = counters;
		this.before = counters.totals();
	}

	/**
	 * Take everything that is still open for cut off.
	 */
	ShutdownVerdict verdict() {
		Http3ServerTotals now = this.counters.totals();
		ShutdownVerdict verdict = new ShutdownVerdict(Duration.ofNanos(System.nanoTime() - this.startedAt),
				(int) (now.connectionsCompleted() - this.before.connectionsCompleted()),
				(int) (now.connectionsAtDeadline() - this.before.connectionsAtDeadline() + now.connectionsActive()),
				(int) (now.connectionsClosedByPeer() - this.before.connectionsClosedByPeer()),
				(int) (now.connectionsTimedOut() - this.before.connectionsTimedOut()),
				(int) (now.connectionsVanished() - this.before.connectionsVanished()),
				(int) (now.connectionsRefused() - this.before.connectionsRefused()),
				(int) (now.requestsCompleted() - this.before.requestsCompleted()),
				(int) (now.requestsRejected() - this.before.requestsRejected()),
				(int) (now.requestsCancelled() - this.before.requestsCancelled() + now.requestsActive()),
				(int) now.requestsActive(), List.of());
		logger.error("HTTP/3 shutdown " + verdict + "; the event loop does not answer, its thread is at"
				+ System.lineSeparator() + stack());
		return verdict;
	}

	private String stack() {
		if (!(this.eventLoop instanceof SingleThreadEventExecutor executor)) {
			return "\t(unknown)";
		}
		return Arrays.stream(executor.threadProperties().stackTrace())
			.limit(MAX_STACK_FRAMES)
			.map((frame) -> "\tat " + frame)
			.collect(Collectors.joining(System.lineSeparator()));
	}

}
