package io.github.http3spring.sample;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Waits for what futures bring, for no longer than a test should hang.
 */
public final class TestFutures {

	/**
	 * Less than the grace period of the sample: what comes with its end only is too late.
	 */
	private static final int TIMEOUT_SECONDS = 20;

	private TestFutures() {
	}

	/**
	 * Return the result of a future as soon as it is there.
	 */
	public static <T> T get(CompletableFuture<T> future) throws Exception {
		return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
	}

}
