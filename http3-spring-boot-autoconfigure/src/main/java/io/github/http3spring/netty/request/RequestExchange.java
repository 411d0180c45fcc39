package io.github.http3spring.netty.request;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * The end of a request stream where request and response are HTTP objects: knows the
 * request, and tells the {@link OutgoingResponse} which write is its last. Confined to
 * the event loop of the connection.
 */
final class RequestExchange extends ChannelDuplexHandler {

	/**
	 * Seconds after which a client may try again at the instance that follows this one.
	 */
	private static final String RETRY_AFTER = "1";

	private final OutgoingResponse response;

	private @Nullable ChannelHandlerContext context;

	private @Nullable HttpRequest request;

	private boolean responseStarted;

	RequestExchange(OutgoingResponse response) {
		this.response = response;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.context = ctx;
	}

	/**
	 * Return the request, {@code null} as long as its headers have not arrived.
	 */
	@Nullable HttpRequest request() {
		return this.request;
	}

	/**
	 * Return how much content the request announces if it is a GET or HEAD, whose content
	 * means nothing (RFC 9110 sections 9.3.1 and 9.3.2) and which few handlers read.
	 */
	long unexpectedContent() {
		boolean unexpected = this.request != null
				&& (this.request.method().equals(HttpMethod.GET) || this.request.method().equals(HttpMethod.HEAD));
		return unexpected ? HttpUtil.getContentLength(this.request, 0L) : 0;
	}

	/**
	 * Answer a request whose handler has said nothing.
	 * @return whether that was possible
	 */
	boolean respond(HttpResponseStatus status) {
		if (this.responseStarted || this.context == null) {
			return false;
		}
		FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
		response.headers().set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
		if (status.equals(HttpResponseStatus.SERVICE_UNAVAILABLE)) {
			response.headers().set(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER);
		}
		write(this.context, response, this.context.newPromise());
		this.context.flush();
		return true;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (msg instanceof HttpRequest httpRequest) {
			MadeUpFields.removeFrom(httpRequest.headers());
			this.request = httpRequest;
		}
		ctx.fireChannelRead(msg);
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
		if (isInformational(msg)) {
			ctx.write(msg, promise);
			return;
		}
		this.responseStarted = true;
		if (msg instanceof FileRegion region) {
			writeInChunks(ctx, region, promise);
			return;
		}
		if (!(msg instanceof LastHttpContent)) {
			ctx.write(msg, promise);
			return;
		}
		LastWritePromise written = new LastWritePromise(ctx, promise);
		this.response.setEnding(true);
		ctx.write(msg, written);
		if (written.isDone() && !written.isSuccess()) {
			this.response.setEnding(false);
		}
	}

	/**
	 * Write a part of a file at the pace of the client, because Netty's HTTP/3 codec
	 * knows no file regions. Everything else that is written meanwhile waits.
	 */
	private static void writeInChunks(ChannelHandlerContext ctx, FileRegion region, ChannelPromise promise) {
		if (ctx.pipeline().get(ChunkedWriteHandler.class) == null) {
			ctx.pipeline().addAfter(ctx.name(), NettyPipeline.ChunkedWriter, new ChunkedWriteHandler());
		}
		ctx.channel().writeAndFlush(new FileRegionInput(region), promise);
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
