package io.github.http3spring.sample.demo;

import java.util.concurrent.CompletionException;

import org.jspecify.annotations.Nullable;

/**
 * Finds out why a future failed.
 */
final class Causes {

	private Causes() {
	}

	static @Nullable Throwable unwrap(@Nullable Throwable failure) {
		return (failure instanceof CompletionException) ? failure.getCause() : failure;
	}

}
