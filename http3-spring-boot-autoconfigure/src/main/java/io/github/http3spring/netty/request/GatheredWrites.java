package io.github.http3spring.netty.request;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AbstractCoalescingBufferQueue;
import io.netty.channel.ChannelPromise;

/**
 * What was written of a response and has not left. Small content is copied to the end of
 * the buffer that the codec has made for the header section: the transport takes one
 * buffer, and would copy one that is composed of several itself, into a further one.
 */
final class GatheredWrites extends AbstractCoalescingBufferQueue {

	/**
	 * Header section and content, with a promise each.
	 */
	private static final int USUAL_SIZE = 4;

	private boolean headerSectionTaken;

	GatheredWrites() {
		super(null, USUAL_SIZE);
	}

	/**
	 * Take the first bytes.
	 * @param alloc for buffers that are composed
	 * @param length the number of bytes
	 * @param promise completes the promises of what was taken
	 */
	ByteBuf take(ByteBufAllocator alloc, int length, ChannelPromise promise) {
		ByteBuf taken = remove(alloc, length, promise);
		this.headerSectionTaken = true;
		return taken;
	}

	@Override
	protected ByteBuf compose(ByteBufAllocator alloc, ByteBuf cumulation, ByteBuf next) {
		if (cumulation instanceof CompositeByteBuf composite) {
			return composite.addComponent(true, next);
		}
		// What comes later may begin with a buffer of the application's, which others may
		// see the memory of
		if (!this.headerSectionTaken && cumulation.isWritable(next.readableBytes())) {
			cumulation.writeBytes(next);
			next.release();
			return cumulation;
		}
		return composeIntoComposite(alloc, cumulation, next);
	}

	@Override
	protected ByteBuf removeEmptyValue() {
		return Unpooled.EMPTY_BUFFER;
	}

}
