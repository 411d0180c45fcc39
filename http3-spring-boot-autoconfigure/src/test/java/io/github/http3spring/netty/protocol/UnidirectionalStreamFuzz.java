package io.github.http3spring.netty.protocol;

import java.util.Random;

import io.github.http3spring.fuzz.FuzzInput;
import io.github.http3spring.netty.EmbeddedQuicStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QuicChannel;
import org.jspecify.annotations.Nullable;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams that only the client sends on: what becomes of them must not depend on the
 * pieces in which they arrive, and no buffer may be kept.
 */
public final class UnidirectionalStreamFuzz {

	private static int error;

	private static final QuicChannel CONNECTION = Mockito.mock(QuicChannel.class,
			Mockito.withSettings().stubOnly().defaultAnswer((invocation) -> {
				if (invocation.getMethod().getName().equals("close") && invocation.getArguments().length == 3) {
					error = invocation.getArgument(1);
				}
				return Mockito.RETURNS_DEFAULTS.answer(invocation);
			}));

	private UnidirectionalStreamFuzz() {
	}

	/**
	 * Take the number of frames that are admitted, the seed of the pieces, and the bytes
	 * of the stream.
	 */
	public static void run(byte[] bytes) {
		FuzzInput input = new FuzzInput(bytes);
		int admitted = input.next();
		Random pieces = new Random(input.next());
		byte[] stream = input.rest();
		Passed whole = pass(admitted, stream, null);
		Passed split = pass(admitted, stream, pieces);
		assertThat(split.error).isEqualTo(whole.error);
		if (whole.error == 0) {
			assertThat(split.bytes).isEqualTo(whole.bytes);
		}
	}

	private static Passed pass(int admitted, byte[] stream, @Nullable Random pieces) {
		error = 0;
		int[] left = { admitted };
		EmbeddedQuicStream channel = new EmbeddedQuicStream(CONNECTION, 2, new UnidirectionalStreamGuard(
				() -> left[0]-- > 0, (streamId, priority) -> (streamId % 4 != 0) ? Http3ErrorCode.H3_ID_ERROR : null));
		ByteBuf passed = Unpooled.buffer();
		for (int start = 0; start < stream.length && error == 0;) {
			int end = (pieces != null) ? Math.min(stream.length, start + 1 + pieces.nextInt(8)) : stream.length;
			ByteBuf piece = Unpooled.buffer().writeBytes(stream, start, end - start);
			channel.writeInbound(piece);
			channel.checkException();
			for (ByteBuf read = channel.readInbound(); read != null; read = channel.readInbound()) {
				passed.writeBytes(read);
				read.release();
			}
			assertThat(piece.refCnt()).isZero();
			start = end;
		}
		channel.finishAndReleaseAll();
		return new Passed(error, ByteBufUtil.getBytes(passed));
	}

	private record Passed(int error, byte[] bytes) {

	}

}
