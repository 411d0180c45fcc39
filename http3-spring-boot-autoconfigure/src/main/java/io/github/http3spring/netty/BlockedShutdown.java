package io.github.http3spring.netty;

import io.github.http3spring.netty.connection.ServerCounters;

/**
 * Gives a verdict on a shutdown whose event loop does not answer, because a handler
 * blocks it or has ended the application on it. Nobody can be told anything then, but the
 * application has to end nevertheless, and its owner has to know where the event loop is
 * stuck. Reads only what any thread may read.
 */
final class BlockedShutdown {

	private final EventLoopThread thread;

	private final ShutdownAccount account;

	/**
	 * Begin with a shutdown.
	 * @param thread the thread of the event loop
	 * @param counters count what the server does
	 */
	BlockedShutdown(EventLoopThread thread, ServerCounters counters) {
		this.thread = thread;
		this.account = new ShutdownAccount(counters);
	}

	/**
	 * Take everything that is still open for cut off.
	 * @param reason why the event loop does not answer
	 */
	WorkerVerdict verdict(String reason) {
		return new WorkerVerdict(this.account::verdictOnWhatIsOpen,
				reason + ", its thread is at" + System.lineSeparator() + this.thread.stack());
	}

}
