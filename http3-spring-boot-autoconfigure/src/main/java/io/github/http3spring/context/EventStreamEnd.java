package io.github.http3spring.context;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

/**
 * Ends one response with Server-Sent Events between two of them. Confined to the event
 * loop of the connection.
 */
final class EventStreamEnd extends ChannelDuplexHandler {

	private final Mono<Void> end;

	private @Nullable Disposable subscription;

	private boolean headersWritten;

	/**
	 * Number of line ends since the last other character: an event ends with an empty
	 * line.
	 */
	private int lineEnds = 2;

	private byte last;

	private boolean ending;

	private boolean ended;

	/**
	 * Create the handler.
	 * @param end completes when the response is to be ended
	 */
	EventStreamEnd(Mono<Void> end) {
		this.end = end;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.subscription = this.end.subscribe(null, null, () -> ctx.executor().execute(() -> {
			this.ending = true;
			endIfWhole(ctx);
			ctx.flush();
		}));
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext ctx) {
		unsubscribe();
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		unsubscribe();
		ctx.fireChannelInactive();
	}

	private void unsubscribe() {
		if (this.subscription != null) {
			this.subscription.dispose();
		}
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
		if (this.ended) {
			ReferenceCountUtil.release(msg);
			// Spring takes this exception for a client that went away
			promise.tryFailure(AbortedException.beforeSend());
			return;
		}
		this.headersWritten |= msg instanceof HttpResponse;
		this.ended |= msg instanceof LastHttpContent;
		if (msg instanceof ByteBuf buffer) {
			countLineEnds(buffer);
		}
		ctx.write(msg, promise);
		endIfWhole(ctx);
	}

	/**
	 * Look for an empty line at the end; lines end with LF, CR or both.
	 */
	private void countLineEnds(ByteBuf buffer) {
		// No more than these can matter
		int start = Math.max(buffer.readerIndex(), buffer.writerIndex() - 4);
		for (int index = start; index < buffer.writerIndex(); index++) {
			byte current = buffer.getByte(index);
			if (current != '\n' && current != '\r') {
				this.lineEnds = 0;
			}
			else if (current == '\r' || this.last != '\r') {
				this.lineEnds++;
			}
			this.last = current;
		}
	}

	private void endIfWhole(ChannelHandlerContext ctx) {
		if (this.ending && !this.ended && this.headersWritten && this.lineEnds >= 2) {
			this.ended = true;
			ctx.write(LastHttpContent.EMPTY_LAST_CONTENT);
		}
	}

}
