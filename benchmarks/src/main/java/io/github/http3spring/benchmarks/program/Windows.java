package io.github.http3spring.benchmarks.program;

/**
 * The flow control windows that the starter has by default, for those that have none.
 */
final class Windows {

	static final long CONNECTION = 256 << 10;

	static final long STREAM = 128 << 10;

	static final long UNIDIRECTIONAL_STREAM = 32 << 10;

	static final long STREAMS = 100;

	static final long UNIDIRECTIONAL_STREAMS = 16;

	static final long IDLE_SECONDS = 30;

	private Windows() {
	}

}
