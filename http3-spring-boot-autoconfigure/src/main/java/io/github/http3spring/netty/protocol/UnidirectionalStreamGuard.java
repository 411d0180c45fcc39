package io.github.http3spring.netty.protocol;

import java.util.function.IntPredicate;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QuicStreamResetException;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose control stream or QPACK streams carry what the codec is not
 * prepared for: something so long that it would run out of memory, since it collects it
 * before it looks at it, an instruction for the dynamic table, of which there is none, a
 * frame in the wrong place or of the wrong length, or a reset. Drops what is on streams
 * of unknown types (RFC 9114 section 6.2), which the codec takes for those that their
 * last four bytes are. First handler of a unidirectional stream of the peer.
 */
public final class UnidirectionalStreamGuard extends ChannelInboundHandlerAdapter {

	private static final int CONTROL = 0x00;

	private static final int PUSH = 0x01;

	private static final int QPACK_ENCODER = 0x02;

	private static final int QPACK_DECODER = 0x03;

	/**
	 * The only instruction on an encoder stream that makes sense: the capacity of the
	 * table is zero (RFC 9204 section 4.3.1).
	 */
	private static final byte ZERO_CAPACITY = 0x20;

	/**
	 * Bytes of the largest integer (RFC 9204 section 4.1.1).
	 */
	private static final int MAX_INTEGER = 10;

	private static final int INTEGER_PREFIX = 0x3f;

	private static final int INSTRUCTION = 0xc0;

	private static final int STREAM_CANCELLATION = 0x40;

	private final FrameLimit frameLimit;

	private final PriorityUpdates priorityUpdates;

	/**
	 * Those of the control stream; the others of each connection need none.
	 */
	private @Nullable FrameHeaders frames;

	private final VariableLengthInteger type = new VariableLengthInteger();

	private boolean typeRead;

	/**
	 * Bytes of the instruction on the decoder stream.
	 */
	private int length;

	/**
	 * Create the guard of a stream.
	 * @param frameLimit decides about each frame or instruction: none of them is part of
	 * a request, or has much to say
	 * @param priorityUpdates told of priorities
	 */
	public UnidirectionalStreamGuard(FrameLimit frameLimit, PriorityUpdates priorityUpdates) {
		this.frameLimit = frameLimit;
		this.priorityUpdates = priorityUpdates;
	}

	/**
	 * The codec has added its handlers by now, and nothing was read.
	 */
	@Override
	public void channelRegistered(ChannelHandlerContext ctx) {
		ctx.pipeline().addLast(PeerErrorLog.INSTANCE);
		ctx.fireChannelRegistered();
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		ByteBuf buffer = (ByteBuf) msg;
		Http3ErrorCode error = check(buffer);
		if (error == null && buffer.isReadable()) {
			ctx.fireChannelRead(buffer);
			return;
		}
		buffer.release();
		if (error != null) {
			ConnectionError.raise(ctx.channel(), error);
		}
	}

	/**
	 * Check what has arrived, and leave in the buffer only what means something.
	 */
	private @Nullable Http3ErrorCode check(ByteBuf buffer) {
		boolean typeReadBefore = this.typeRead;
		while (!this.typeRead && buffer.isReadable()) {
			this.typeRead = this.type.read(buffer.readUnsignedByte());
		}
		if (!this.typeRead) {
			return null;
		}
		int start = buffer.readerIndex();
		if (!typeReadBefore && isCritical()) {
			// Of a type that is longer than it needs to be, the last byte says the same
			buffer.readerIndex(start - 1);
		}
		return checkContent(buffer, start);
	}

	private @Nullable Http3ErrorCode checkContent(ByteBuf buffer, int start) {
		int count = buffer.writerIndex() - start;
		long type = this.type.value();
		if (type == CONTROL) {
			if (this.frames == null) {
				this.frames = new FrameHeaders(new ControlFrames(this.frameLimit, this.priorityUpdates));
			}
			return this.frames.follow(buffer, start);
		}
		if (type == QPACK_ENCODER) {
			return checkInstructions(buffer.slice(start, count), (octet) -> octet == ZERO_CAPACITY,
					Http3ErrorCode.QPACK_ENCODER_STREAM_ERROR);
		}
		if (type == QPACK_DECODER) {
			return checkInstructions(buffer.slice(start, count), this::isCancellation,
					Http3ErrorCode.QPACK_DECODER_STREAM_ERROR);
		}
		buffer.skipBytes(buffer.readableBytes());
		return (type == PUSH) ? Http3ErrorCode.H3_STREAM_CREATION_ERROR : null;
	}

	/**
	 * Check the instructions of a QPACK stream.
	 * @param instructions what has arrived
	 * @param expected whether a byte can be part of what makes sense
	 * @param error what it is otherwise
	 */
	private @Nullable Http3ErrorCode checkInstructions(ByteBuf instructions, IntPredicate expected,
			Http3ErrorCode error) {
		for (int index = 0; index < instructions.readableBytes(); index++) {
			if (this.length == 0 && !this.frameLimit.admitsEmptyFrame()) {
				return Http3ErrorCode.H3_EXCESSIVE_LOAD;
			}
			if (!expected.test(instructions.getByte(index))) {
				return error;
			}
		}
		return null;
	}

	/**
	 * Return whether one more byte of the decoder stream can belong to a stream
	 * cancellation, the only instruction that makes sense (RFC 9204 section 4.4).
	 */
	private boolean isCancellation(int octet) {
		if (this.length == 0) {
			this.length = ((octet & INTEGER_PREFIX) == INTEGER_PREFIX) ? 1 : 0;
			return (octet & INSTRUCTION) == STREAM_CANCELLATION;
		}
		this.length = (octet < 0) ? this.length + 1 : 0;
		return this.length <= MAX_INTEGER;
	}

	private boolean isCritical() {
		long type = this.type.value();
		return this.typeRead && (type == CONTROL || type == QPACK_ENCODER || type == QPACK_DECODER);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (cause instanceof QuicStreamResetException && isCritical()) {
			ConnectionError.raise(ctx.channel(), Http3ErrorCode.H3_CLOSED_CRITICAL_STREAM);
			return;
		}
		ctx.fireExceptionCaught(cause);
	}

}
