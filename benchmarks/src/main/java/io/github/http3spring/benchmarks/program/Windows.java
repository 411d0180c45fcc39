package io.github.http3spring.benchmarks.program;

/**
 * The flow control windows that the starter has by default, for those that have none.
 */
final class Windows {

	static final long CONNECTION = 16 << 20;

	static final long STREAM = 1 << 20;

	static final long UNIDIRECTIONAL_STREAM = 256 << 10;

	static final long STREAMS = 100;

	static final long UNIDIRECTIONAL_STREAMS = 16;

	static final long IDLE_SECONDS = 60;

	private Windows() {
	}

}
