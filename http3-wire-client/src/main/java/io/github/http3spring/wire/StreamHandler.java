package io.github.http3spring.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamFrame;
import io.netty.incubator.codec.quic.QuicStreamResetException;

/**
 * Connects a stream that the client opened with its channel.
 */
final class StreamHandler extends ChannelInboundHandlerAdapter {

	private final WireStream stream;

	StreamHandler(WireStream stream) {
		this.stream = stream;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		// FIN comes with the bytes then.
		((QuicStreamChannel) ctx.channel()).config().setReadFrames(true);
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.stream.attach((QuicStreamChannel) ctx.channel());
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		QuicStreamFrame frame = (QuicStreamFrame) msg;
		try {
			this.stream.reader().read(frame.content());
			if (frame.hasFin()) {
				this.stream.reader().fin();
			}
		}
		finally {
			frame.release();
		}
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext ctx) {
		this.stream.writer().pump();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (cause instanceof QuicStreamResetException reset) {
			this.stream.reader().reset(reset.applicationProtocolCode());
			if (this.stream.writer().isFinished()) {
				ctx.close();
			}
			return;
		}
		this.stream.error(cause);
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		this.stream.closed();
	}

}
