package io.github.http3spring.netty.request;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.github.http3spring.netty.EmbeddedQuicStream;
import io.github.http3spring.netty.protocol.Priority;
import io.github.http3spring.server.OpenRequestSnapshot;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.incubator.codec.http3.DefaultHttp3DataFrame;
import io.netty.incubator.codec.http3.DefaultHttp3Headers;
import io.netty.incubator.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.incubator.codec.http3.DefaultHttp3UnknownFrame;
import io.netty.incubator.codec.http3.Http3DataFrame;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.http3.Http3Exception;
import io.netty.incubator.codec.http3.Http3FrameToHttpObjectCodec;
import io.netty.incubator.codec.http3.Http3Headers;
import io.netty.incubator.codec.http3.Http3HeadersFrame;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.util.AsciiString;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

/**
 * Tests for {@link RequestCodec}.
 */
class RequestCodecTests {

	private static final int MAX_FIELD_SECTION = 500;

	private final QuicChannel connection = mock();

	private final RequestCodec.Owner owner = mock();

	private int reads;

	private final EmbeddedQuicStream stream = new EmbeddedQuicStream(this.connection, 0,
			new ChannelOutboundHandlerAdapter() {

				@Override
				public void read(ChannelHandlerContext ctx) {
					RequestCodecTests.this.reads++;
				}

			}, new Http3FrameToHttpObjectCodec(true));

	@BeforeEach
	void install() {
		RequestCodec.install(this.stream.pipeline(), this.owner, MAX_FIELD_SECTION);
		given(this.owner.describe()).willReturn(new OpenRequestSnapshot("GET", "/", Duration.ZERO));
		this.stream.config().setAutoRead(false);
		this.reads = 0;
	}

	@Test
	void requestIsHandedOn() {
		this.stream.writeInbound(new DefaultHttp3HeadersFrame(headers("POST")),
				new DefaultHttp3DataFrame(Unpooled.copiedBuffer("abc", StandardCharsets.US_ASCII)));
		HttpRequest request = this.stream.readInbound();
		assertThat(request.method().name()).isEqualTo("POST");
		assertThat(request.uri()).isEqualTo("/path");
		HttpContent content = this.stream.readInbound();
		assertThat(content.content().readableBytes()).isEqualTo(3);
		content.release();
		verifyNoInteractions(this.owner);
	}

	@Test
	void requestEndsForTheCodecWithTheSecondOfTwoEvents() {
		this.stream.writeInbound(new DefaultHttp3HeadersFrame(headers("GET")));
		assertThat(this.stream.<Object>readInbound()).isInstanceOf(HttpRequest.class);
		this.stream.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
		assertThat(this.stream.<Object>readInbound()).isNull();
		this.stream.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
		assertThat(this.stream.<Object>readInbound()).isInstanceOf(LastHttpContent.class);
	}

	@ParameterizedTest
	@CsvSource({ "connection, close", "upgrade, h2c", "te, gzip", "transfer-encoding, chunked" })
	void malformedRequestIsResetAndNotHandedOn(String name, String value) {
		Http3Headers headers = headers("GET");
		headers.add(AsciiString.of(name), value);
		this.stream.writeInbound(new DefaultHttp3HeadersFrame(headers));
		assertThat(this.stream.<Object>readInbound()).isNull();
		verify(this.owner).abandon(Http3ErrorCode.H3_MESSAGE_ERROR);
	}

	@Test
	void fieldSectionThatIsTooLargeIsRefusedAndNotHandedOn() {
		Http3Headers headers = headers("GET");
		headers.add("large", "x".repeat(MAX_FIELD_SECTION));
		this.stream.writeInbound(new DefaultHttp3HeadersFrame(headers));
		assertThat(this.stream.<Object>readInbound()).isNull();
		verify(this.owner).refuseLargeFieldSection();
	}

	@Test
	void whatArrivesAfterTheEndIsReleased() {
		RequestCodec codec = this.stream.pipeline().get(RequestCodec.class);
		ChannelHandlerContext context = this.stream.pipeline().context(codec);
		this.stream.close();
		ByteBuf content = Unpooled.buffer(3).writeZero(3);
		codec.channelRead(context, new DefaultHttp3DataFrame(content));
		assertThat(content.refCnt()).isZero();
	}

	@Test
	void handlerThatWaitsForAMessageIsNotLeftWaitingByAFrameWithoutMeaning() {
		this.stream.writeInbound(new DefaultHttp3UnknownFrame(0x40, Unpooled.EMPTY_BUFFER));
		assertThat(this.reads).isOne();
		this.stream.writeInbound(new DefaultHttp3HeadersFrame(headers("GET")));
		assertThat(this.reads).isOne();
	}

	@Test
	void responseIsWrittenAsFrames() {
		receive("GET");
		this.stream.writeOutbound(response("3"), content("abc"), LastHttpContent.EMPTY_LAST_CONTENT);
		Http3HeadersFrame headers = this.stream.readOutbound();
		assertThat(headers.headers().status()).hasToString("200");
		Http3DataFrame data = this.stream.readOutbound();
		assertThat(data.content().readableBytes()).isEqualTo(3);
		data.release();
		verifyNoInteractions(this.owner);
	}

	@ParameterizedTest
	@CsvSource({ "2, more", "4, less" })
	void responseWithMoreOrLessContentThanAnnouncedIsReset(String contentLength, String expected) {
		receive("GET");
		this.stream.writeOutbound(response(contentLength));
		ChannelFuture written = this.stream.writeAndFlush(new DefaultLastHttpContent(Unpooled.buffer(3).writeZero(3)));
		assertThatIllegalStateException().isThrownBy(written::sync)
			.withMessage("Response has " + expected + " content than announced");
		verify(this.owner).cancel(Http3ErrorCode.H3_INTERNAL_ERROR);
	}

	@Test
	void contentOfAResponseToHeadIsDropped() {
		receive("HEAD");
		ByteBuf content = Unpooled.buffer(3).writeZero(3);
		this.stream.writeOutbound(response("3"), new DefaultHttpContent(content));
		assertThat(this.stream.outboundMessages()).hasSize(1);
		assertThat(content.refCnt()).isZero();
		verifyNoInteractions(this.owner);
	}

	@Test
	void errorOfThePeerResetsTheRequestWithItsCode() {
		this.stream.pipeline().fireExceptionCaught(new Http3Exception(Http3ErrorCode.H3_MESSAGE_ERROR, "bad"));
		verify(this.owner).abandon(Http3ErrorCode.H3_MESSAGE_ERROR);
	}

	@Test
	void fieldSectionThatCannotBeDecodedClosesTheConnection() {
		this.stream.pipeline().fireExceptionCaught(new DecoderException(new IndexOutOfBoundsException()));
		verify(this.owner).raise(Http3ErrorCode.QPACK_DECOMPRESSION_FAILED);
	}

	@Test
	void prioritiesOfRequestAndResponseAreTold() {
		Http3Headers headers = headers("GET");
		headers.add(Priority.FIELD, "u=1");
		this.stream.writeInbound(new DefaultHttp3HeadersFrame(headers));
		verify(this.owner).priorityRequested(Priority.parse("u=1"));
		HttpResponse response = response("0");
		response.headers().set(Priority.FIELD, "u=5");
		this.stream.writeOutbound(response);
		verify(this.owner).priorityAnswered(Priority.parse("u=5"));
	}

	@Test
	void errorOfOurOwnGoesOn() {
		this.stream.pipeline().fireExceptionCaught(new IllegalStateException("ours"));
		assertThatIllegalStateException().isThrownBy(this.stream::checkException).withMessage("ours");
		verifyNoInteractions(this.owner);
	}

	private void receive(String method) {
		this.stream.writeInbound(new DefaultHttp3HeadersFrame(headers(method)));
		assertThat(this.stream.<Object>readInbound()).isInstanceOf(HttpRequest.class);
	}

	private static Http3Headers headers(String method) {
		return new DefaultHttp3Headers().method(method).scheme("https").authority("localhost").path("/path");
	}

	private static HttpResponse response(String contentLength) {
		HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
		response.headers().set(HttpHeaderNames.CONTENT_LENGTH, contentLength);
		return response;
	}

	private static HttpContent content(String text) {
		return new DefaultHttpContent(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
	}

}
