package io.github.http3spring.netty.request;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

import io.github.http3spring.netty.EmbeddedQuicStream;
import io.github.http3spring.netty.settings.ServerLimits;
import io.github.http3spring.netty.stack.QuicheStreams;
import io.github.http3spring.server.OpenRequestSnapshot;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.incubator.codec.http3.DefaultHttp3Headers;
import io.netty.incubator.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.http3.Http3FrameToHttpObjectCodec;
import io.netty.incubator.codec.http3.Http3Headers;
import io.netty.incubator.codec.http3.Http3HeadersFrame;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamResetException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.MockedStatic;
import reactor.netty.NettyPipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link RequestStream}.
 */
class RequestStreamTests {

	private final MockedStatic<QuicheStreams> quiche = mockStatic(QuicheStreams.class);

	private final QuicChannel connection = mock();

	private final RequestOwner owner = mock();

	private final ServerLimits limits = mock();

	private final List<RequestEnd> ends = new ArrayList<>();

	private final List<OpenRequestSnapshot> descriptions = new ArrayList<>();

	private long now = -5;

	private RequestStream request;

	private EmbeddedQuicStream stream;

	@BeforeEach
	void open() {
		given(this.limits.maxHeaderSize()).willReturn(1000L);
		given(this.limits.leastContent(any())).willReturn(1L);
		UnsentData unsentData = mock();
		given(unsentData.hasRoom()).willReturn(true);
		given(unsentData.pieceLength()).willReturn(UnsentData.MAX_PIECE);
		given(this.owner.unsentData()).willReturn(unsentData);
		willAnswer((invocation) -> {
			this.ends.add(invocation.getArgument(0));
			this.descriptions.add(invocation.<Supplier<OpenRequestSnapshot>>getArgument(1).get());
			return null;
		}).given(this.owner).requestEnded(any(), any());
		this.stream = new EmbeddedQuicStream(this.connection, 4, new ChannelInitializer<Channel>() {

			@Override
			protected void initChannel(Channel channel) {
				RequestStreamTests.this.request = new RequestStream(RequestStreamTests.this.owner,
						RequestStreamTests.this.limits, (QuicStreamChannel) channel, () -> RequestStreamTests.this.now);
				ChannelPipeline pipeline = channel.pipeline();
				pipeline.addLast(RequestStreamTests.this.request);
				pipeline.addLast(new Http3FrameToHttpObjectCodec(true));
				pipeline.addLast(NettyPipeline.HttpTrafficHandler, new ChannelDuplexHandler());
			}

		});
	}

	@AfterEach
	void release() {
		this.quiche.close();
	}

	@Test
	void requestReachesItsHandlerAndIsDescribedByItsMethodAndPath() {
		assertThat(this.request.describe().path()).isEqualTo("(header section incomplete)");
		receiveHeaders();
		assertThat(this.stream.<Object>readInbound()).isInstanceOf(HttpRequest.class);
		this.now += Duration.ofSeconds(2).toNanos();
		assertThat(this.request.describe()).isEqualTo(new OpenRequestSnapshot("GET", "/path", Duration.ofSeconds(2)));
	}

	@Test
	void endTellsTheOwnerHowItWas() {
		receiveHeaders();
		this.stream.close();
		assertThat(this.ends).containsExactly(new RequestEnd(4, false, false, 0, null));
		assertThat(this.descriptions).extracting(OpenRequestSnapshot::path).containsExactly("/path");
	}

	@Test
	void handlerThatEndsWithoutAResponseIsAnErrorOfOurs() {
		receiveHeaders();
		this.stream.close();
		assertThat(this.stream.resets()).containsExactly(Http3ErrorCode.H3_INTERNAL_ERROR.code());
		verify(this.owner, never()).requestAbandoned();
	}

	@Test
	void resetOfTheClientEndsTheRequest() {
		receiveHeaders();
		this.stream.pipeline().fireExceptionCaught(new QuicStreamResetException("reset", 0));
		assertThat(this.stream.isOpen()).isFalse();
		assertThat(this.stream.resets()).containsExactly(Http3ErrorCode.H3_REQUEST_CANCELLED.code());
		verify(this.owner).requestAbandoned();
	}

	@Test
	void otherExceptionsGoOn() {
		this.stream.pipeline().fireExceptionCaught(new IllegalStateException("ours"));
		assertThatIllegalStateException().isThrownBy(this.stream::checkException).withMessage("ours");
		assertThat(this.stream.isOpen()).isTrue();
	}

	@Test
	void frameThatDoesNotBelongInARequestClosesTheConnection() {
		receive("0400");
		verify(this.connection).close(true, Http3ErrorCode.H3_FRAME_UNEXPECTED.code(), Unpooled.EMPTY_BUFFER);
		verify(this.owner, never()).requestAbandoned();
	}

	@Test
	void requestWithoutAHeaderSectionIsIncomplete() {
		this.stream.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
		assertThat(this.stream.resets()).containsExactly(Http3ErrorCode.H3_REQUEST_INCOMPLETE.code());
		verify(this.owner).requestAbandoned();
	}

	@Test
	void wholeRequestIsReceived() {
		receiveHeaders();
		this.stream.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
		this.stream.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
		this.stream.close();
		assertThat(this.ends).extracting(RequestEnd::received).containsExactly(true);
	}

	@Test
	void requestThatIsOpenAtTheDeadlineIsAnsweredWith503() {
		receiveHeaders();
		this.request.expire();
		assertThat(responseHeaders().status()).hasToString("503");
		assertThat(this.stream.resets()).isEmpty();
	}

	@Test
	void requestWhoseResponseHasBegunIsResetAtTheDeadline() {
		receiveHeaders();
		this.request.refuseLargeFieldSection();
		assertThat(responseHeaders().status()).hasToString("431");
		this.request.expire();
		assertThat(this.stream.resets()).containsExactly(Http3ErrorCode.H3_REQUEST_CANCELLED.code());
	}

	@Test
	void headerSectionThatIsTooLargeIsAnsweredWith431() {
		receive("0143e9");
		assertThat(responseHeaders().status()).hasToString("431");
		verify(this.owner).requestAbandoned();
	}

	@Test
	void clientThatIsTooSlowIsAnsweredWith408() {
		receiveHeaders();
		this.stream.read();
		this.now += Duration.ofSeconds(1).toNanos() - 1;
		this.request.endUnlessReceived(Duration.ofSeconds(1));
		assertThat(this.stream.outboundMessages()).isEmpty();
		this.now++;
		this.request.endUnlessReceived(Duration.ofSeconds(1));
		assertThat(responseHeaders().status()).hasToString("408");
	}

	@Test
	void clientThatIsSlowButNotSilentIsWaitedFor() {
		receiveHeaders();
		for (int second = 0; second < 10; second++) {
			this.now += Duration.ofMillis(900).toNanos();
			receive("0001aa");
			this.stream.read();
			this.request.endUnlessReceived(Duration.ofSeconds(1));
			assertThat(this.stream.outboundMessages()).isEmpty();
		}
		this.now += Duration.ofSeconds(1).toNanos();
		this.request.endUnlessReceived(Duration.ofSeconds(1));
		assertThat(responseHeaders().status()).hasToString("408");
	}

	@Test
	void clientThatSendsNextToNothingIsNotWaitedFor() {
		given(this.limits.leastContent(any())).willReturn(10L);
		receiveHeaders();
		for (int part = 0; part < 3; part++) {
			this.now += Duration.ofMillis(400).toNanos();
			receive("0001aa");
			this.stream.read();
			this.request.endUnlessReceived(Duration.ofSeconds(1));
			assertThat(this.stream.outboundMessages()).isEmpty();
		}
		this.now += Duration.ofMillis(200).toNanos();
		this.request.endUnlessReceived(Duration.ofSeconds(1));
		assertThat(responseHeaders().status()).hasToString("408");
	}

	@Test
	void headerSectionHasToArriveAsAWholeInTime() {
		receive("01");
		this.stream.read();
		this.now += Duration.ofMillis(900).toNanos();
		this.request.endUnlessReceived(Duration.ofSeconds(1));
		receive("20");
		this.stream.read();
		this.now += Duration.ofMillis(100).toNanos();
		this.request.endUnlessReceived(Duration.ofSeconds(1));
		assertThat(responseHeaders().status()).hasToString("408");
	}

	@Test
	void onlyARequestWithoutItsHeaderSectionIsRejected() {
		receiveHeaders();
		this.now += Duration.ofSeconds(10).toNanos();
		this.request.rejectIfIncomplete(Duration.ofSeconds(3));
		assertThat(this.stream.isOpen()).isTrue();
		assertThat(this.stream.resets()).isEmpty();
	}

	@Test
	void shutdownLeavesARequestAloneWhoseResponseWasNotSent() {
		receiveHeaders();
		this.request.shutDown();
		assertThat(this.stream.isOpen()).isTrue();
		assertThat(this.stream.stops()).isEmpty();
	}

	@Test
	void responseThatTheClientStopsEndsTheRequest() {
		receiveHeaders();
		this.stream.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {

			@Override
			public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
				promise.setFailure(new IOException("STOP_SENDING"));
			}

		});
		// Bytes of frames, as they come from the handler behind this one
		this.stream.pipeline().context(NettyPipeline.H3ToHttp11Codec).writeAndFlush(Unpooled.buffer(1).writeZero(1));
		assertThat(this.stream.isOpen()).isFalse();
		verify(this.owner).requestAbandoned();
	}

	private void receiveHeaders() {
		this.stream.writeInbound(new DefaultHttp3HeadersFrame(
				new DefaultHttp3Headers().method("GET").scheme("https").authority("localhost").path("/path")));
	}

	private void receive(String content) {
		this.stream.writeInbound(Unpooled.copiedBuffer(HexFormat.of().parseHex(content)));
	}

	private Http3Headers responseHeaders() {
		Http3HeadersFrame frame = this.stream.readOutbound();
		return frame.headers();
	}

}
