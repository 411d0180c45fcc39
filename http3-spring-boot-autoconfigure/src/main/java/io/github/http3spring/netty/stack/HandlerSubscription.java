package io.github.http3spring.netty.stack;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.util.AttributeKey;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.ChannelOperations;

/**
 * Ends the subscription to the handler of a request whose stream ends before its time,
 * and does so before anything that the handler has written fails.
 * <p>
 * The order matters: Spring's {@code ChannelSendOperator} waits for the first element of
 * a response before it has the header written, and if that fails, or if the channel is
 * closed already, it reports the error and never cancels the rest. Left to itself,
 * Reactor Netty lets the write fail first and ends the subscription in a task of its own
 * later, when the error has cut the way to the handler.
 */
public final class HandlerSubscription {

	private static final Log logger = LogFactory.getLog(HandlerSubscription.class);

	private static final AttributeKey<Runnable> BEFORE_CANCEL = AttributeKey.valueOf(HandlerSubscription.class,
			"beforeCancel");

	private HandlerSubscription() {
	}

	/**
	 * Run something before the handler is cancelled.
	 * @param stream the stream
	 * @param task what to run, once
	 */
	public static void beforeCancel(Channel stream, Runnable task) {
		stream.attr(BEFORE_CANCEL).set(task);
	}

	/**
	 * Cancel the handler, if there is one that has not ended.
	 * @param stream the stream, which may be closed
	 */
	public static void cancel(Channel stream) {
		if (ChannelOperations.get(stream) == null) {
			return;
		}
		Runnable beforeCancel = stream.attr(BEFORE_CANCEL).getAndSet(null);
		if (beforeCancel != null) {
			beforeCancel.run();
		}
		ChannelHandlerContext context = stream.pipeline().context(NettyPipeline.ReactiveBridge);
		try {
			if (context != null) {
				// What Reactor Netty ends the subscription at; the second time it does
				// nothing
				((ChannelInboundHandler) context.handler()).channelInactive(context);
			}
		}
		catch (Exception ex) {
			logger.warn("The handler of a request could not be cancelled", ex);
		}
	}

}
