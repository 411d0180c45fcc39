package io.github.http3spring.netty.request;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import io.github.http3spring.netty.EmbeddedQuicStream;
import io.github.http3spring.netty.stack.QuicheStreams;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicStreamFrame;
import io.netty.incubator.codec.quic.QuicTransportParameters;
import io.netty.util.ReferenceCountUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;
import org.mockito.MockedStatic;
import reactor.netty.channel.AbortedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link OutgoingResponse}.
 */
class OutgoingResponseTests {

	private static final int PIECE = 64 * 1024;

	private static final int RESET = 0x102;

	private final MockedStatic<QuicheStreams> quiche = mockStatic(QuicheStreams.class);

	private final QuicChannel connection = mock();

	private final UnsentData unsentData = mock();

	private final OutgoingResponse.Owner owner = mock();

	private final Transport transport = new Transport();

	private final EmbeddedQuicStream stream = new EmbeddedQuicStream(this.connection, 4, this.transport, new Stage());

	private long now = -5;

	private final OutgoingResponse response = new OutgoingResponse(this.stream, this.unsentData, this.owner,
			() -> this.now);

	@BeforeEach
	void allowEverything() {
		given(this.unsentData.hasRoom()).willReturn(true);
		given(this.unsentData.pieceLength()).willReturn(UnsentData.MAX_PIECE);
		given(this.owner.mayEndResponse()).willReturn(true);
	}

	@AfterEach
	void release() {
		this.transport.written.forEach(ReferenceCountUtil::release);
		this.quiche.close();
	}

	@Test
	void writesSinceTheLastFlushLeaveAsOnePiece() {
		ChannelFuture first = this.stream.write(content("one "));
		ChannelFuture second = this.stream.write(content("piece"));
		assertThat(this.transport.written).isEmpty();
		this.stream.flush();
		assertThat(this.transport.texts()).containsExactly("one piece");
		assertThat(first.isSuccess()).isTrue();
		assertThat(second.isSuccess()).isTrue();
		assertThat(this.response.bytes()).isEqualTo(9);
		assertThat(this.response.isSent()).isFalse();
		verify(this.unsentData).add(anyLong(), eq(9L));
	}

	@Test
	void endTravelsWithTheLastBytes() {
		this.stream.writeAndFlush(content("first"));
		end("last");
		assertThat(this.transport.texts()).containsExactly("first", "last FIN");
		assertThat(this.response.isSent()).isTrue();
		InOrder order = inOrder(this.owner);
		order.verify(this.owner).responseEnds();
		order.verify(this.owner).responseEnded();
	}

	@Test
	void whatIsNoContentIsNotHeldBack() {
		this.stream.write("message");
		assertThat(this.transport.written).containsExactly("message");
	}

	@Test
	void longResponseLeavesInPiecesWithoutAFlush() {
		this.stream.write(content(PIECE + 1));
		assertThat(this.transport.sizes()).containsExactly(PIECE, 1);
	}

	@Test
	void nextPieceLeavesWhenTheOneBeforeWasTaken() {
		this.transport.holds = true;
		end(3 * PIECE);
		assertThat(this.transport.sizes()).containsExactly(PIECE);
		this.transport.take();
		assertThat(this.transport.sizes()).containsExactly(PIECE, PIECE);
		this.transport.take();
		assertThat(this.transport.sizes()).containsExactly(PIECE, PIECE, PIECE);
		assertThat(this.response.isSent()).isFalse();
		this.transport.take();
		assertThat(this.response.isSent()).isTrue();
	}

	@Test
	void nothingLeavesWhileTheTransportHoldsTooMuch() {
		given(this.unsentData.hasRoom()).willReturn(false);
		ChannelFuture written = this.stream.writeAndFlush(content("waits"));
		assertThat(this.transport.written).isEmpty();
		assertThat(written.isDone()).isFalse();
		given(this.unsentData.hasRoom()).willReturn(true);
		given(this.unsentData.pieceLength()).willReturn(UnsentData.MAX_PIECE);
		this.stream.flush();
		assertThat(this.transport.texts()).containsExactly("waits");
		assertThat(written.isSuccess()).isTrue();
	}

	@Test
	void lastPieceWaitsUntilTheRequestWasLookedAt() {
		given(this.owner.mayEndResponse()).willReturn(false);
		end(PIECE + 4);
		assertThat(this.transport.sizes()).containsExactly(PIECE);
		given(this.owner.mayEndResponse()).willReturn(true);
		this.stream.pipeline().fireUserEventTriggered("looked at");
		assertThat(this.transport.sizes()).containsExactly(PIECE, 4);
		assertThat(this.response.isSent()).isTrue();
	}

	@Test
	void handlerThatWritesAfterTheEndIsStopped() {
		end("last");
		ByteBuf late = content("late");
		ChannelFuture written = this.stream.writeAndFlush(late);
		assertThat(written.cause()).isInstanceOf(AbortedException.class);
		assertThat(late.refCnt()).isZero();
		assertThat(this.transport.texts()).containsExactly("last FIN");
		verify(this.owner).responseOverrun();
	}

	@Test
	void handlerIsStoppedBeforeItLearnsThatAWriteHasFailed() {
		this.transport.holds = true;
		ChannelFuture written = this.stream.writeAndFlush(content("content"));
		List<Boolean> failedBefore = new ArrayList<>();
		willAnswer((invocation) -> failedBefore.add(written.isDone())).given(this.owner).responseStopped();
		this.transport.fail(new IllegalStateException("STOP_SENDING"));
		assertThat(failedBefore).containsExactly(false);
		assertThat(written.cause()).isInstanceOf(AbortedException.class);
		verify(this.unsentData, never()).add(anyLong(), eq(7L));
	}

	@Test
	void responseThatIsCutOffIsResetWithoutAFin() {
		ChannelFuture unflushed = this.stream.write(content("unflushed"));
		this.stream.close();
		assertThat(this.stream.resets()).containsExactly(RESET);
		assertThat(unflushed.cause()).isInstanceOf(AbortedException.class);
		assertThat(this.stream.isOpen()).isFalse();
		this.quiche.verify(() -> QuicheStreams.withholdFin(this.stream));
	}

	@Test
	void responseThatWasSentIsNotReset() {
		end("last");
		this.stream.close();
		assertThat(this.stream.isOpen()).isFalse();
		assertThat(this.stream.resets()).isEmpty();
	}

	@Test
	void closeWaitsForAnEndThatWaitsForFlowControl() {
		this.transport.holds = true;
		end("last");
		ChannelFuture closed = this.stream.close();
		assertThat(closed.isDone()).isFalse();
		assertThat(this.stream.isOpen()).isTrue();
		this.transport.take();
		assertThat(closed.isSuccess()).isTrue();
		assertThat(this.stream.resets()).isEmpty();
		verify(this.owner, never()).responseEnded();
	}

	@Test
	void closeSendsAnEndThatWasNotFlushed() {
		this.response.setEnding(true);
		this.stream.write(content("last"));
		this.stream.close();
		assertThat(this.transport.texts()).containsExactly("last FIN");
		assertThat(this.stream.resets()).isEmpty();
	}

	@Test
	void timeToReadOfAShortResponseIsNotKnown() {
		end("short");
		assertThat(this.response.timeToRead()).isNull();
	}

	@Test
	void timeToReadFollowsFromThePaceAtWhichTheWindowOpens() {
		QuicTransportParameters parameters = mock();
		given(parameters.initialMaxStreamDataBidiLocal()).willReturn((long) PIECE);
		given(this.connection.peerTransportParameters()).willReturn(parameters);
		this.transport.holds = true;
		end(2 * PIECE);
		this.transport.take();
		this.now += Duration.ofSeconds(1).toNanos();
		this.transport.take();
		assertThat(this.response.timeToRead()).isEqualTo(Duration.ofSeconds(1));
	}

	private void end(String text) {
		this.response.setEnding(true);
		this.stream.writeAndFlush(content(text));
	}

	private void end(int size) {
		this.response.setEnding(true);
		this.stream.writeAndFlush(content(size));
	}

	private static ByteBuf content(String text) {
		return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
	}

	private static ByteBuf content(int size) {
		return Unpooled.buffer(size).writeZero(size);
	}

	/**
	 * Where the response stands in the pipeline of a request.
	 */
	private final class Stage extends ChannelDuplexHandler {

		@Override
		public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
			OutgoingResponseTests.this.response.write(ctx, msg, promise);
		}

		@Override
		public void flush(ChannelHandlerContext ctx) {
			OutgoingResponseTests.this.response.writeGathered(ctx);
			ctx.flush();
		}

		@Override
		public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
			if (!OutgoingResponseTests.this.response.defersClose(ctx, promise)) {
				OutgoingResponseTests.this.response.resetUnlessSent(RESET);
				ctx.close(promise);
				OutgoingResponseTests.this.response.discard(ctx);
			}
		}

		@Override
		public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
			OutgoingResponseTests.this.response.flushEnd(ctx);
		}

	}

	/**
	 * Takes what is written at once, or when it is told to.
	 */
	private static final class Transport extends ChannelOutboundHandlerAdapter {

		private final List<Object> written = new ArrayList<>();

		private final Queue<ChannelPromise> held = new ArrayDeque<>();

		private boolean holds;

		@Override
		public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
			this.written.add(msg);
			if (this.holds) {
				this.held.add(promise);
			}
			else {
				promise.setSuccess();
			}
		}

		void take() {
			this.held.remove().setSuccess();
		}

		void fail(Throwable cause) {
			this.held.remove().setFailure(cause);
		}

		List<String> texts() {
			return this.written.stream().map(Transport::text).toList();
		}

		private static String text(Object msg) {
			if (msg instanceof QuicStreamFrame frame) {
				return frame.content().toString(StandardCharsets.US_ASCII) + (frame.hasFin() ? " FIN" : "");
			}
			return ((ByteBuf) msg).toString(StandardCharsets.US_ASCII);
		}

		List<Integer> sizes() {
			return this.written.stream()
				.map((msg) -> (msg instanceof QuicStreamFrame frame) ? frame.content() : (ByteBuf) msg)
				.map(ByteBuf::readableBytes)
				.toList();
		}

	}

}
