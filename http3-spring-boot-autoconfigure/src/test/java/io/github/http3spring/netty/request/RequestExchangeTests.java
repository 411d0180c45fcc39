package io.github.http3spring.netty.request;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.http3spring.netty.EmbeddedQuicStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultFileRegion;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.InOrder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link RequestExchange}.
 */
class RequestExchangeTests {

	private final OutgoingResponse response = mock();

	private final RequestExchange exchange = new RequestExchange(this.response);

	private final QuicChannel connection = mock();

	private final EmbeddedQuicStream stream = new EmbeddedQuicStream(this.connection, 0, this.exchange);

	@Test
	void requestIsKnownWithoutWhatTheCodecHasMadeUp() {
		assertThat(this.exchange.request()).isNull();
		HttpRequest request = request(HttpMethod.GET);
		request.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
		this.stream.writeInbound(request);
		assertThat(this.exchange.request()).isSameAs(request);
		assertThat(request.headers()).isEmpty();
		assertThat(this.stream.<Object>readInbound()).isSameAs(request);
	}

	@ParameterizedTest
	@CsvSource({ "GET, 5, 5", "HEAD, 5, 5", "POST, 5, 0", "GET, , 0", "DELETE, 5, 0" })
	void contentOfAGetOrHeadIsUnexpected(String method, String contentLength, long expected) {
		assertThat(this.exchange.unexpectedContent()).isZero();
		HttpRequest request = request(HttpMethod.valueOf(method));
		if (contentLength != null) {
			request.headers().set(HttpHeaderNames.CONTENT_LENGTH, contentLength);
		}
		this.stream.writeInbound(request);
		assertThat(this.exchange.unexpectedContent()).isEqualTo(expected);
	}

	@Test
	void refusalIsAWholeResponseThatAllowsAnotherAttemptAfterAShutdown() {
		assertThat(this.exchange.respond(HttpResponseStatus.SERVICE_UNAVAILABLE)).isTrue();
		FullHttpResponse refusal = this.stream.readOutbound();
		assertThat(refusal.status()).isEqualTo(HttpResponseStatus.SERVICE_UNAVAILABLE);
		assertThat(refusal.headers().get(HttpHeaderNames.CONTENT_LENGTH)).isEqualTo("0");
		assertThat(refusal.headers().get(HttpHeaderNames.RETRY_AFTER)).isEqualTo("1");
		verify(this.response).setEnding(true);
	}

	@Test
	void refusalForAnotherReasonSaysNothingOfAnotherAttempt() {
		assertThat(this.exchange.respond(HttpResponseStatus.REQUEST_TIMEOUT)).isTrue();
		FullHttpResponse refusal = this.stream.readOutbound();
		assertThat(refusal.status()).isEqualTo(HttpResponseStatus.REQUEST_TIMEOUT);
		assertThat(refusal.headers().contains(HttpHeaderNames.RETRY_AFTER)).isFalse();
	}

	@Test
	void requestIsAnsweredOnce() {
		assertThat(this.exchange.respond(HttpResponseStatus.SERVICE_UNAVAILABLE)).isTrue();
		assertThat(this.exchange.respond(HttpResponseStatus.SERVICE_UNAVAILABLE)).isFalse();
		assertThat(this.stream.outboundMessages()).hasSize(1);
	}

	@Test
	void requestWhoseHandlerHasBegunToAnswerIsNotAnsweredBySomethingElse() {
		this.stream.writeOutbound(response(HttpResponseStatus.OK));
		assertThat(this.exchange.respond(HttpResponseStatus.SERVICE_UNAVAILABLE)).isFalse();
	}

	@Test
	void informationalResponseIsNoBeginningOfAnAnswer() {
		this.stream.writeOutbound(response(HttpResponseStatus.EARLY_HINTS));
		assertThat(this.exchange.respond(HttpResponseStatus.SERVICE_UNAVAILABLE)).isTrue();
		assertThat(this.stream.outboundMessages()).hasSize(2);
	}

	@Test
	void lastWriteEndsTheResponse() {
		this.stream.writeOutbound(response(HttpResponseStatus.OK));
		verify(this.response, never()).setEnding(anyBoolean());
		this.stream.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
		verify(this.response).setEnding(true);
		verify(this.response, never()).setEnding(false);
	}

	@Test
	void lastWriteThatFailsAtOnceDoesNotEndTheResponse() {
		IllegalStateException failure = new IllegalStateException();
		this.stream.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {

			@Override
			public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
				promise.setFailure(failure);
			}

		});
		ChannelFuture written = this.stream.writeAndFlush(new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER));
		assertThat(written.cause()).isSameAs(failure);
		InOrder order = inOrder(this.response);
		order.verify(this.response).setEnding(true);
		order.verify(this.response).setEnding(false);
	}

	@Test
	void handlersThatWouldSendAFinOfTheirOwnDoNot() {
		this.stream.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {

			@Override
			public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
				ctx.write(msg, promise.addListener(QuicStreamChannel.SHUTDOWN_OUTPUT));
			}

		});
		this.stream.writeOutbound(response(HttpResponseStatus.OK));
		assertThat(this.stream.isOutputShutdown()).isTrue();
		EmbeddedQuicStream other = new EmbeddedQuicStream(this.connection, 4, new ChannelOutboundHandlerAdapter() {

			@Override
			public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
				ctx.write(msg, promise.addListener(QuicStreamChannel.SHUTDOWN_OUTPUT));
			}

		}, new RequestExchange(this.response));
		other.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
		assertThat(other.outboundMessages()).hasSize(1);
		assertThat(other.isOutputShutdown()).isFalse();
	}

	@Test
	void partOfAFileIsWrittenAsBytes(@TempDir Path directory) throws IOException {
		Path file = Files.writeString(directory.resolve("file"), "content of a file");
		ChannelFuture written = this.stream
			.writeAndFlush(new DefaultFileRegion(FileChannel.open(file), "content of ".length(), "a file".length()));
		assertThat(written.isSuccess()).isTrue();
		ByteBuf content = this.stream.readOutbound();
		assertThat(content.toString(StandardCharsets.US_ASCII)).isEqualTo("a file");
		content.release();
	}

	private static HttpRequest request(HttpMethod method) {
		return new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, "/");
	}

	private static HttpResponse response(HttpResponseStatus status) {
		return new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
	}

}
