package io.github.http3spring.benchmarks.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * What uploads consist of.
 */
final class Chunks {

	static final int SIZE = 16384;

	private static final ByteBuf CHUNK = Unpooled
		.unreleasableBuffer(Unpooled.directBuffer(SIZE).writeZero(SIZE).asReadOnly());

	private Chunks() {
	}

	static ByteBuf of(int size) {
		return CHUNK.slice(0, size);
	}

}
