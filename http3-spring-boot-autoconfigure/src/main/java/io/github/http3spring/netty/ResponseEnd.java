package io.github.http3spring.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;

/**
 * Tells the {@link RequestStream} which write is the last of a response. Stands where
 * responses are still HTTP objects.
 */
final class ResponseEnd extends ChannelOutboundHandlerAdapter {

	private final RequestStream request;

	ResponseEnd(RequestStream request) {
		this.request = request;
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
		if (!(msg instanceof LastHttpContent) || isInformational(msg)) {
			ctx.write(msg, promise);
			return;
		}
		LastWritePromise written = new LastWritePromise(ctx, promise);
		ctx.write(msg, written);
		if (!written.isDone() || written.isSuccess()) {
			this.request.endResponse();
		}
	}

	private static boolean isInformational(Object msg) {
		return msg instanceof HttpResponse response && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
	}

	/**
	 * Ignores the listeners by which two handlers of the stack each send a FIN of their
	 * own after the last write: the second one fails with an exception per response, and
	 * the first one comes too late for the last bytes.
	 */
	private static final class LastWritePromise extends DefaultChannelPromise {

		LastWritePromise(ChannelHandlerContext ctx, ChannelPromise promise) {
			super(ctx.channel(), ctx.executor());
			if (!promise.isVoid()) {
				super.addListener((future) -> complete(future, promise));
			}
		}

		private static void complete(Future<? super Void> future, ChannelPromise promise) {
			if (future.isSuccess()) {
				promise.trySuccess();
			}
			else {
				promise.tryFailure(future.cause());
			}
		}

		@Override
		public ChannelPromise addListener(GenericFutureListener<? extends Future<? super Void>> listener) {
			return (listener != QuicStreamChannel.SHUTDOWN_OUTPUT) ? super.addListener(listener) : this;
		}

	}

}
