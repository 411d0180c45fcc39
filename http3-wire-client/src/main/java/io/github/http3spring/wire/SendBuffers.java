package io.github.http3spring.wire;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

/**
 * Lets a connection that is closed send no more than it can have waiting. A client that
 * closes its connection while a probe is due, and does not know yet that the server has
 * finished the handshake, would send acknowledgements without end: quiche waits for a
 * PING to have left that it does not send any more. Confined to the event loop of the
 * connection.
 */
final class SendBuffers extends AbstractByteBufAllocator {

	/**
	 * More packets than any congestion window has room for.
	 */
	private static final int MAX_AFTER_CLOSE = 20_000;

	private boolean closing;

	private int left = MAX_AFTER_CLOSE;

	SendBuffers() {
		super(true);
	}

	void closing() {
		this.closing = true;
	}

	@Override
	protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
		return PooledByteBufAllocator.DEFAULT.heapBuffer(initialCapacity, maxCapacity);
	}

	@Override
	protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
		if (this.closing && this.left-- <= 0) {
			throw new IllegalStateException("The close of the connection does not come to its end");
		}
		return PooledByteBufAllocator.DEFAULT.directBuffer(initialCapacity, maxCapacity);
	}

	@Override
	public boolean isDirectBufferPooled() {
		return true;
	}

}
