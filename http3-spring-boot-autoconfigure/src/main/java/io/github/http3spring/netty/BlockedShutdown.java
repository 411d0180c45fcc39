package io.github.http3spring.netty;

import java.time.Duration;
import java.util.List;

import io.github.http3spring.netty.connection.ServerCounters;
import io.github.http3spring.server.Http3ServerTotals;
import io.github.http3spring.server.ShutdownVerdict;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Gives a verdict on a shutdown whose event loop does not answer, because a handler
 * blocks it or has ended the application on it. Nobody can be told anything then, but the
 * application has to end nevertheless, and its owner has to know where the event loop is
 * stuck. Reads only what any thread may read.
 */
final class BlockedShutdown {

	private static final Log logger = LogFactory.getLog(BlockedShutdown.class);

	private final EventLoopThread thread;

	private final ServerCounters counters;

	private final Http3ServerTotals before;

	private final long startedAt = System.nanoTime();

	/**
	 * Begin with a shutdown.
	 * @param thread the thread of the event loop
	 * @param counters count what the server does
	 */
	BlockedShutdown(EventLoopThread thread, ServerCounters counters) {
		this.thread = thread;
		this.counters = counters;
		this.before = counters.totals();
	}

	/**
	 * Take everything that is still open for cut off.
	 * @param reason why the event loop does not answer
	 */
	ShutdownVerdict verdict(String reason) {
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
		logger.error("HTTP/3 shutdown " + verdict + "; " + reason + ", its thread is at" + System.lineSeparator()
				+ this.thread.stack());
		return verdict;
	}

}
