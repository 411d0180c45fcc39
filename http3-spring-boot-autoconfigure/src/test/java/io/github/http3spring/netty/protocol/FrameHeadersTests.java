package io.github.http3spring.netty.protocol;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;

import io.github.http3spring.wire.Http3Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FrameHeaders}.
 */
class FrameHeadersTests {

	/**
	 * A DATA frame in front of each frame and one behind it tell whether the place was
	 * kept.
	 */
	private static final String BEFORE = "0002aabb";

	private static final String AFTER = "0003ccddee";

	private static final long[] UNKNOWN = { 0x0a, 0x0b, 0x0c, 0x0e, 0x21, 0x3f, 0x40, 0x41, 0x5f, 0xff, 0x3fff, 0x4000,
			0xf0700, 0xf0701, 1L << 30, Integer.MAX_VALUE, 1L << 31, 1L << 32, (1L << 32) + 1, (1L << 32) + 2,
			(1L << 32) + 4, (1L << 32) + 7, 1L << 36, (1L << 36) + 1, 1L << 40, 0x1fL * (1L << 50) + 0x21,
			(1L << 62) - 1 };

	@ParameterizedTest
	@MethodSource
	void unknownFramesAreTakenAwayWhereverTheyAreCut(long type, int length) {
		byte[] frame = Http3Frames.frame(type, new byte[length]);
		byte[] stream = bytes(BEFORE + HexFormat.of().formatHex(frame) + AFTER);
		for (int first = 0; first <= stream.length; first++) {
			for (int second = first; second <= stream.length; second++) {
				assertThat(follow(stream, first, second)).as("cut at " + first + " and " + second)
					.isEqualTo(BEFORE + AFTER);
			}
		}
	}

	static Stream<Arguments> unknownFramesAreTakenAwayWhereverTheyAreCut() {
		return Arrays.stream(UNKNOWN)
			.boxed()
			.flatMap((type) -> Stream.of(0, 1, 5, 64).map((length) -> Arguments.of(type, length)));
	}

	@ParameterizedTest
	@CsvSource({ "0000", "000101", "01020000", "0103007f03", "020100", "0400", "04020101", "0405074108063f", "0c00",
			"070100", "07024100", "070480000000", "0708c000000000000000", "030105", "0d0105", "050201ff", "060100",
			"080100", "0900" })
	void knownFramesArePassedOnWholeWhereverTheyAreCut(String frame) {
		boolean known = !frame.startsWith("0c");
		byte[] stream = bytes(BEFORE + frame + AFTER);
		for (int cut = 0; cut <= stream.length; cut++) {
			assertThat(follow(stream, cut, cut)).as("cut at " + cut).isEqualTo(BEFORE + (known ? frame : "") + AFTER);
		}
	}

	@Test
	void typeThatIsLongerThanItNeedsToBeIsPassedOnAsItsLastByte() {
		byte[] stream = bytes("4001020000" + "c000000000000000" + "02abcd");
		for (int cut = 0; cut <= stream.length; cut++) {
			assertThat(follow(stream, cut, cut)).isEqualTo("01020000" + "0002abcd");
		}
	}

	@Test
	void unknownFrameIsExcessiveOnlyFarBeyondWhatIsOfUse() {
		assertThat(FrameHeaders.isExcessive(0x21, 64 * 1024)).isFalse();
		assertThat(FrameHeaders.isExcessive(0x21, 64 * 1024 + 1)).isTrue();
		assertThat(FrameHeaders.isExcessive((1L << 62) - 1, (1L << 62) - 1)).isTrue();
		assertThat(FrameHeaders.isExcessive(FrameHeaders.DATA, 1 << 30)).isFalse();
	}

	@Test
	void unknownFrameOfAnyLengthIsFollowedWithoutBeingKept() {
		FrameHeaders frames = new FrameHeaders((type, length) -> null);
		ByteBuf buffer = Unpooled.wrappedBuffer(Http3Frames.frameHeader(0x21, (1L << 62) - 1));
		assertThat(frames.follow(buffer, 0)).isNull();
		assertThat(buffer.isReadable()).isFalse();
		for (int read = 0; read < 10; read++) {
			buffer = Unpooled.wrappedBuffer(new byte[1000]);
			assertThat(frames.follow(buffer, 0)).isNull();
			assertThat(buffer.isReadable()).isFalse();
			assertThat(frames.isInFrame()).isTrue();
		}
	}

	@ParameterizedTest
	@CsvSource({ "0100, H3_FRAME_ERROR, no field section", "010100, QPACK_DECOMPRESSION_FAILED, no base",
			"01020100, QPACK_DECOMPRESSION_FAILED, Required Insert Count",
			"01020080, QPACK_DECOMPRESSION_FAILED, negative base" })
	void fieldSectionBeginsAsWithoutADynamicTable(String frame, Http3ErrorCode error, String what) {
		byte[] stream = bytes(frame + "0000");
		for (int cut = 0; cut <= stream.length; cut++) {
			FrameHeaders frames = new FrameHeaders((type, length) -> null);
			frames.follow(Unpooled.wrappedBuffer(stream, 0, cut), 0);
			assertThat(frames.follow(Unpooled.wrappedBuffer(stream, cut, stream.length - cut), 0)).as(what)
				.isEqualTo(error);
		}
	}

	@Test
	void errorOfAFrameEndsTheStream() {
		FrameHeaders frames = new FrameHeaders(
				(type, length) -> (length > 2) ? Http3ErrorCode.H3_EXCESSIVE_LOAD : null);
		assertThat(frames.follow(Unpooled.wrappedBuffer(bytes("01020000")), 0)).isNull();
		assertThat(frames.follow(Unpooled.wrappedBuffer(bytes("0103")), 0)).isEqualTo(Http3ErrorCode.H3_EXCESSIVE_LOAD);
		ByteBuf later = Unpooled.wrappedBuffer(bytes("01020000"));
		assertThat(frames.follow(later, 0)).isEqualTo(Http3ErrorCode.H3_EXCESSIVE_LOAD);
		assertThat(later.isReadable()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "'', false", "00, true", "0002, true", "0002aa, true", "0002aabb, false", "40, true", "4021, true",
			"402100, false", "2105aa, true" })
	void knowsWhetherAFrameHasNotEnded(String stream, boolean inFrame) {
		FrameHeaders frames = new FrameHeaders((type, length) -> null);
		frames.follow(Unpooled.wrappedBuffer(bytes(stream)), 0);
		assertThat(frames.isInFrame()).isEqualTo(inFrame);
	}

	/**
	 * Follow a stream that arrives in three parts, each behind a byte of something else.
	 * @return what is left of it
	 */
	private static String follow(byte[] stream, int first, int second) {
		FrameHeaders frames = new FrameHeaders((type, length) -> null);
		StringBuilder left = new StringBuilder();
		int[] cuts = { 0, first, second, stream.length };
		for (int part = 0; part < 3; part++) {
			ByteBuf buffer = Unpooled.buffer();
			buffer.writeByte(0x77).writeBytes(stream, cuts[part], cuts[part + 1] - cuts[part]);
			assertThat(frames.follow(buffer, 1)).isNull();
			assertThat(buffer.readByte()).isEqualTo((byte) 0x77);
			left.append(ByteBufUtil.hexDump(buffer));
		}
		assertThat(frames.isInFrame()).isFalse();
		return left.toString();
	}

	private static byte[] bytes(String hex) {
		return HexFormat.of().parseHex(hex);
	}

}
