package io.github.http3spring.sample;

import java.nio.ByteBuffer;

import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;

/**
 * Produce a body whose byte {@code i} is {@code i mod 251}, so that a receiver can check
 * every byte. A prime period makes lost or repeated blocks of a power of two show.
 */
final class BytePattern {

	static final int PERIOD = 251;

	/**
	 * About 16 KiB, and a multiple of the period: every chunk starts like the first.
	 */
	private static final int CHUNK_SIZE = 65 * PERIOD;

	private static final ByteBuffer CHUNK = createChunk();

	private BytePattern() {
	}

	/**
	 * Stream a number of bytes, one chunk for each that is asked for. All chunks share
	 * one read-only memory.
	 * @param count the number of bytes
	 * @param bufferFactory wraps the chunks
	 * @return the bytes
	 */
	static Flux<DataBuffer> stream(long count, DataBufferFactory bufferFactory) {
		return Flux.generate(() -> count, (remaining, sink) -> next(remaining, bufferFactory, sink));
	}

	private static long next(long remaining, DataBufferFactory bufferFactory, SynchronousSink<DataBuffer> sink) {
		if (remaining == 0) {
			sink.complete();
			return 0;
		}
		int size = (int) Math.min(remaining, CHUNK_SIZE);
		sink.next(bufferFactory.wrap(CHUNK.slice(0, size)));
		return remaining - size;
	}

	private static ByteBuffer createChunk() {
		// Direct memory goes to the socket or to QUIC without a copy on the way
		ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_SIZE);
		for (int i = 0; i < CHUNK_SIZE; i++) {
			chunk.put((byte) (i % PERIOD));
		}
		return chunk.flip().asReadOnlyBuffer();
	}

}
