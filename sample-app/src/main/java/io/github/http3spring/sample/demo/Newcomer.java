package io.github.http3spring.sample.demo;

import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.ConnectionClosedException;
import org.jspecify.annotations.Nullable;

/**
 * What became of a connection that was opened during the shutdown.
 *
 * @param nanoTime when it was known
 * @param cause why there is no connection, {@code null} if there is one
 */
record Newcomer(long nanoTime, @Nullable Throwable cause) {

	@Nullable CloseFrame closeFrame() {
		return (this.cause instanceof ConnectionClosedException closed) ? closed.closeFrame() : null;
	}

	void report(Timeline timeline) {
		timeline.add(this.nanoTime, "newcomer", "new connection " + describeEnd());
	}

	private String describeEnd() {
		CloseFrame frame = closeFrame();
		if (frame != null) {
			return "closed with " + ErrorCodes.describe(frame);
		}
		return (this.cause != null) ? "failed: " + this.cause : "accepted";
	}

}
