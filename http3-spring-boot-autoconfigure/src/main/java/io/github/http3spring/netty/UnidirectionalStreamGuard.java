package io.github.http3spring.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QuicChannel;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose control stream or QPACK streams carry what the codec is not
 * prepared for: something so long that it would run out of memory, since it collects it
 * before it looks at it, or an instruction for the dynamic table, of which there is none.
 * First handler of a unidirectional stream of the peer.
 */
final class UnidirectionalStreamGuard extends ChannelInboundHandlerAdapter {

	private static final int CONTROL = 0x00;

	private static final int QPACK_ENCODER = 0x02;

	private static final int QPACK_DECODER = 0x03;

	/**
	 * Bytes in a frame. Those that mean something have a few dozen.
	 */
	private static final int MAX_FRAME = 16 * 1024;

	/**
	 * Bytes in the life of an encoder stream, on which nothing is left to say but that
	 * the capacity of the table is zero.
	 */
	private static final int MAX_ENCODER_STREAM = 1024;

	/**
	 * Bytes of the largest integer (RFC 9204 section 4.1.1).
	 */
	private static final int MAX_INTEGER = 10;

	private static final int INTEGER_PREFIX = 0x3f;

	private static final int INSTRUCTION = 0xc0;

	private static final int STREAM_CANCELLATION = 0x40;

	private final FrameLengths frames = new FrameLengths(MAX_FRAME);

	private int type = -1;

	/**
	 * Bytes of the encoder stream, or of the instruction on the decoder stream.
	 */
	private int length;

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		Http3ErrorCode error = (msg instanceof ByteBuf buffer) ? check(buffer) : null;
		if (error == null) {
			ctx.fireChannelRead(msg);
			return;
		}
		((ByteBuf) msg).release();
		((QuicChannel) ctx.channel().parent()).close(true, error.code(), Unpooled.EMPTY_BUFFER);
	}

	private @Nullable Http3ErrorCode check(ByteBuf buffer) {
		int start = buffer.readerIndex();
		if (this.type < 0) {
			// Each of these types fits into one byte (RFC 9000 section 16)
			this.type = buffer.getUnsignedByte(start++);
		}
		int count = buffer.writerIndex() - start;
		return switch (this.type) {
			case CONTROL -> excessiveUnless(this.frames.follow(buffer.slice(start, count)));
			case QPACK_ENCODER -> {
				this.length += count;
				yield excessiveUnless(this.length <= MAX_ENCODER_STREAM);
			}
			case QPACK_DECODER -> {
				boolean valid = buffer.forEachByte(start, count, this::isCancellation) < 0;
				yield valid ? null : Http3ErrorCode.QPACK_DECODER_STREAM_ERROR;
			}
			default -> null;
		};
	}

	private static @Nullable Http3ErrorCode excessiveUnless(boolean acceptable) {
		return acceptable ? null : Http3ErrorCode.H3_EXCESSIVE_LOAD;
	}

	/**
	 * Return whether one more byte of the decoder stream can belong to a stream
	 * cancellation, the only instruction that makes sense (RFC 9204 section 4.4).
	 */
	private boolean isCancellation(byte octet) {
		if (this.length == 0) {
			this.length = ((octet & INTEGER_PREFIX) == INTEGER_PREFIX) ? 1 : 0;
			return (octet & INSTRUCTION) == STREAM_CANCELLATION;
		}
		this.length = (octet < 0) ? this.length + 1 : 0;
		return this.length <= MAX_INTEGER;
	}

}
