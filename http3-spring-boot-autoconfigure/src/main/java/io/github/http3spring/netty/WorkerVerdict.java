package io.github.http3spring.netty;

import io.github.http3spring.server.ShutdownVerdict;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on the shutdown of one worker.
 *
 * @param verdict the verdict
 * @param blocked why its event loop has not given it, and where it is stuck; {@code null}
 * if it has
 */
record WorkerVerdict(ShutdownVerdict verdict, @Nullable String blocked) {

	static WorkerVerdict of(ShutdownVerdict verdict) {
		return new WorkerVerdict(verdict, null);
	}

}
