package io.github.http3spring.wire;

import java.util.HashMap;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamFrame;
import io.netty.incubator.codec.quic.QuicStreamResetException;

/**
 * Reads a stream that the server opened: the control stream, or another, which is of no
 * interest.
 */
final class UnidirectionalStreamHandler extends ChannelInboundHandlerAdapter implements FrameReader.Sink {

	private final WireConnection connection;

	private final FrameReader frames = new FrameReader(this);

	private long streamId;

	private boolean typeRead;

	private boolean control;

	UnidirectionalStreamHandler(WireConnection connection) {
		this.connection = connection;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		QuicStreamChannel channel = (QuicStreamChannel) ctx.channel();
		this.streamId = channel.streamId();
		channel.config().setReadFrames(true);
		this.connection.serverStreamOpened(channel);
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		QuicStreamFrame frame = (QuicStreamFrame) msg;
		try {
			read(frame.content());
			if (frame.hasFin() && this.control) {
				this.connection.log().stream(WireEvent.Type.FIN, this.streamId, EventLog.NONE, "control stream");
			}
		}
		finally {
			frame.release();
		}
	}

	private void read(ByteBuf bytes) {
		if (!this.typeRead && bytes.isReadable()) {
			this.typeRead = true;
			// Every type we know fits into one byte (RFC 9114 section 6.2).
			this.control = bytes.readByte() == Http3Frames.CONTROL_STREAM;
		}
		if (this.control) {
			this.frames.read(bytes);
		}
	}

	@Override
	public void data(ByteBuf part) {
		// DATA on a control stream: not ours to judge.
	}

	@Override
	public void frame(long type, byte[] payload) {
		if (type == Http3Frames.SETTINGS) {
			ByteBuf settings = Unpooled.wrappedBuffer(payload);
			Map<Long, Long> values = new HashMap<>();
			while (settings.isReadable()) {
				values.put(FrameReader.integer(settings), FrameReader.integer(settings));
			}
			this.connection.settingsReceived(values);
		}
		else if (type == Http3Frames.GOAWAY) {
			this.connection.goAwayReceived(FrameReader.integer(Unpooled.wrappedBuffer(payload)));
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (!this.control) {
			return;
		}
		if (cause instanceof QuicStreamResetException reset) {
			this.connection.log()
				.stream(WireEvent.Type.RESET_STREAM, this.streamId, reset.applicationProtocolCode(), "control stream");
			return;
		}
		this.connection.log().stream(WireEvent.Type.ERROR, this.streamId, EventLog.NONE, cause.toString());
	}

}
