package io.github.http3spring.netty.protocol;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import io.github.http3spring.netty.EmbeddedQuicStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.http3.Http3Exception;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicStreamResetException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

/**
 * Tests for {@link PeerErrorLog}.
 */
class PeerErrorLogTests {

	private final QuicChannel connection = mock();

	private final List<Throwable> passed = new ArrayList<>();

	private final ChannelInboundHandlerAdapter next = new ChannelInboundHandlerAdapter() {

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
			PeerErrorLogTests.this.passed.add(cause);
		}

	};

	private final EmbeddedQuicStream stream = new EmbeddedQuicStream(this.connection, 2, PeerErrorLog.INSTANCE,
			this.next);

	@Test
	void errorsOfTheCodecAndOfTlsAreThePeers() {
		assertThat(PeerErrorLog.isErrorOfPeer(new IOException())).isTrue();
		assertThat(PeerErrorLog.isErrorOfPeer(new DecoderException())).isTrue();
		assertThat(PeerErrorLog.isErrorOfPeer(new Http3Exception(Http3ErrorCode.H3_FRAME_ERROR, "bad"))).isTrue();
		assertThat(PeerErrorLog.isErrorOfPeer(new QuicStreamResetException("reset", 1))).isTrue();
		assertThat(PeerErrorLog.isErrorOfPeer(new IllegalStateException())).isFalse();
		assertThat(PeerErrorLog.isErrorOfPeer(new NullPointerException())).isFalse();
	}

	@Test
	void errorOfThePeerGoesNoFurther() {
		this.stream.pipeline().fireExceptionCaught(new Http3Exception(Http3ErrorCode.H3_FRAME_ERROR, "bad"));
		assertThat(this.passed).isEmpty();
		// The codec has closed the connection before it told
		verifyNoInteractions(this.connection);
	}

	@Test
	void errorOfOurOwnGoesOn() {
		RuntimeException error = new IllegalStateException();
		this.stream.pipeline().fireExceptionCaught(error);
		assertThat(this.passed).containsExactly(error);
	}

	@Test
	void frameThatTheCodecCannotReadClosesTheConnection() {
		this.stream.pipeline().fireExceptionCaught(new DecoderException(new IndexOutOfBoundsException()));
		assertThat(this.passed).isEmpty();
		verify(this.connection).close(true, Http3ErrorCode.H3_FRAME_ERROR.code(), Unpooled.EMPTY_BUFFER);
	}

	@Test
	void settingThatTheCodecRefusesClosesTheConnection() {
		this.stream.pipeline().fireExceptionCaught(new DecoderException(new IllegalArgumentException()));
		assertThat(this.passed).isEmpty();
		verify(this.connection).close(true, Http3ErrorCode.H3_SETTINGS_ERROR.code(), Unpooled.EMPTY_BUFFER);
	}

	@Test
	void connectionThatTheCodecCannotReadIsLeftToTheCodec() {
		EmbeddedChannel channel = new EmbeddedChannel(PeerErrorLog.INSTANCE);
		channel.pipeline().fireExceptionCaught(new DecoderException());
		channel.checkException();
		assertThat(channel.isOpen()).isTrue();
	}

}
