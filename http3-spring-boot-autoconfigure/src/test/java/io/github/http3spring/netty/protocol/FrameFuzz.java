package io.github.http3spring.netty.protocol;

import java.util.Random;

import io.github.http3spring.fuzz.FuzzInput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Frames of a stream: the judgement, and what the codec gets to see, must not depend on
 * the pieces in which they arrive, and what is left must be exactly the frames of known
 * types.
 */
public final class FrameFuzz {

	private FrameFuzz() {
	}

	/**
	 * Take a kind of stream, the seed of the pieces, and the bytes of the stream.
	 */
	public static void run(byte[] bytes) {
		FuzzInput input = new FuzzInput(bytes);
		boolean control = (input.next() & 1) != 0;
		Random pieces = new Random(input.next());
		byte[] stream = input.rest();
		Followed whole = follow(control, stream, null);
		Followed split = follow(control, stream, pieces);
		assertThat(split.error).isEqualTo(whole.error);
		if (whole.error == null) {
			assertThat(split.kept).isEqualTo(whole.kept);
			assertThat(split.frames.isInFrame()).isEqualTo(whole.frames.isInFrame());
			assertThat(split.frames.content()).isEqualTo(whole.frames.content());
			assertThat(whole.kept).isEqualTo(expected(stream));
		}
	}

	private static Followed follow(boolean control, byte[] stream, @Nullable Random pieces) {
		PriorityUpdates updates = (streamId, priority) -> (streamId % 4 != 0) ? Http3ErrorCode.H3_ID_ERROR : null;
		FrameHeaders frames = new FrameHeaders(control ? new ControlFrames(() -> true, updates)
				: (type, length) -> FrameHeaders.isExcessive(type, length) ? Http3ErrorCode.H3_EXCESSIVE_LOAD : null);
		ByteBuf kept = Unpooled.buffer(stream.length);
		Http3ErrorCode error = null;
		for (int start = 0; start < stream.length && error == null;) {
			int end = (pieces != null) ? Math.min(stream.length, start + 1 + pieces.nextInt(8)) : stream.length;
			// What comes before is not looked at
			ByteBuf piece = Unpooled.buffer().writeByte(0xff).writeBytes(stream, start, end - start);
			error = frames.follow(piece, 1);
			assertThat(piece.getUnsignedByte(0)).isEqualTo((short) 0xff);
			kept.writeBytes(piece.skipBytes(1));
			start = end;
		}
		return new Followed(frames, error, ByteBufUtil.getBytes(kept));
	}

	/**
	 * Return the frames of known types, as far as they are there, with the last byte of
	 * each type.
	 */
	private static byte[] expected(byte[] stream) {
		ByteBuf in = Unpooled.wrappedBuffer(stream);
		ByteBuf out = Unpooled.buffer(stream.length);
		while (in.isReadable()) {
			int typeLength = integerLength(in);
			if (in.readableBytes() < typeLength) {
				break;
			}
			long type = integer(in, typeLength);
			boolean known = type <= 0x09 || type == 0x0d;
			int start = in.readerIndex();
			if (known) {
				out.writeByte(in.getByte(start - 1));
			}
			if (!in.isReadable() || in.readableBytes() < integerLength(in)) {
				out.writeBytes(in, start, known ? in.readableBytes() : 0);
				break;
			}
			long length = integer(in, integerLength(in));
			in.skipBytes((int) Math.min(length, in.readableBytes()));
			out.writeBytes(in, start, known ? in.readerIndex() - start : 0);
		}
		return ByteBufUtil.getBytes(out);
	}

	private static int integerLength(ByteBuf in) {
		return 1 << (in.getUnsignedByte(in.readerIndex()) >> 6);
	}

	private static long integer(ByteBuf in, int length) {
		long value = in.readUnsignedByte() & 0x3f;
		for (int index = 1; index < length; index++) {
			value = value << 8 | in.readUnsignedByte();
		}
		return value;
	}

	private record Followed(FrameHeaders frames, @Nullable Http3ErrorCode error, byte[] kept) {

	}

}
