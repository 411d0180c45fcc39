package io.github.http3spring.netty;

import java.util.function.Supplier;

import io.github.http3spring.server.ShutdownVerdict;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on the shutdown of one worker. A worker that has ended its connections goes
 * on refusing others, so the verdict is given when all workers are done.
 *
 * @param verdict gives the verdict
 * @param blocked why its event loop has not given it, and where it is stuck; {@code null}
 * if it has
 */
record WorkerVerdict(Supplier<ShutdownVerdict> verdict, @Nullable String blocked) {

	static WorkerVerdict of(Supplier<ShutdownVerdict> verdict) {
		return new WorkerVerdict(verdict, null);
	}

}
