package io.github.http3spring.netty.protocol;

import java.util.HexFormat;

import io.github.http3spring.netty.EmbeddedQuicStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicStreamResetException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

/**
 * Tests for {@link UnidirectionalStreamGuard}. What is read is in hexadecimal.
 */
class UnidirectionalStreamGuardTests {

	private static final String SETTINGS = "0400";

	private final QuicChannel connection = mock();

	private int admitted = 100;

	private final PriorityUpdates updates = mock();

	private final EmbeddedQuicStream stream = new EmbeddedQuicStream(this.connection, 2,
			new UnidirectionalStreamGuard(() -> this.admitted-- > 0, this.updates));

	@ParameterizedTest
	@ValueSource(strings = { "00" + SETTINGS, "00" + SETTINGS + "070100", "02", "0220", "022020", "03", "0340",
			"037f00", "037f808000" })
	void streamThatIsWhatTheCodecExpectsPassesAsItIs(String content) {
		assertThat(read(content)).isEqualTo(content);
		verifyNoInteractions(this.connection);
	}

	@ParameterizedTest
	@CsvSource({ "4000, 00", "400220, 02", "80000003, 03", "c000000000000000, 00" })
	void typeThatIsLongerThanItNeedsToBeIsHandedOnAsOneByte(String content, String type) {
		assertThat(read(content)).startsWith(type);
	}

	@Test
	void typeMayArriveByteByByte() {
		assertThat(read("40")).isEmpty();
		assertThat(read("00")).isEqualTo("00");
		assertThat(read(SETTINGS)).isEqualTo(SETTINGS);
		verifyNoInteractions(this.connection);
	}

	@ParameterizedTest
	@ValueSource(strings = { "21aabbcc", "4141aabb", "c000000100000000aabb", "c000000100000003aabb", "04", "0a0102" })
	void streamOfAnUnknownTypeIsReadAndDropped(String content) {
		assertThat(read(content)).isEmpty();
		assertThat(read("0102")).isEmpty();
		verifyNoInteractions(this.connection);
	}

	@ParameterizedTest
	@ValueSource(strings = { "00" + SETTINGS + "070100" + "0d0101" + "2100", "02202020", "03404142", "037f017f0245" })
	void moreFramesOrInstructionsThanAreAdmittedCloseTheConnection(String content) {
		this.admitted = 2;
		read(content);
		verifyClosed(Http3ErrorCode.H3_EXCESSIVE_LOAD);
	}

	@Test
	void clientMayNotOpenAPushStream() {
		assertThat(read("01")).isEmpty();
		verifyClosed(Http3ErrorCode.H3_STREAM_CREATION_ERROR);
	}

	@ParameterizedTest
	@ValueSource(strings = { "070100", "0000", "0d0100", "2100" })
	void firstFrameOfTheControlStreamHasToBeSettings(String frame) {
		assertThat(read("00" + frame)).isEmpty();
		verifyClosed(Http3ErrorCode.H3_MISSING_SETTINGS);
	}

	@ParameterizedTest
	@ValueSource(strings = { "040106", "04000700", "0401060701000000", "040007020000", "0400070140" })
	void frameThatDoesNotEndWithItsLastIntegerClosesTheConnection(String frames) {
		assertThat(read("00" + frames)).isEmpty();
		verifyClosed(Http3ErrorCode.H3_FRAME_ERROR);
	}

	@Test
	void frameThatTheCodecWouldCollectForTooLongClosesTheConnection() {
		assertThat(read("00" + SETTINGS)).isEqualTo("00" + SETTINGS);
		// SETTINGS of 16 KiB and a byte
		assertThat(read("0480004001")).isEmpty();
		verifyClosed(Http3ErrorCode.H3_EXCESSIVE_LOAD);
	}

	@Test
	void unknownFrameThatIsThereToMakeWorkClosesTheConnection() {
		// Reserved type (RFC 9114 section 7.2.8) with 64 KiB and a byte
		assertThat(read("00" + SETTINGS + "2180010001")).isEmpty();
		verifyClosed(Http3ErrorCode.H3_EXCESSIVE_LOAD);
	}

	@ParameterizedTest
	@ValueSource(strings = { "21", "3f01", "80", "00", "c1", "5fffff7f", "3fe11f", "c00161", "c000" })
	void dynamicTableOfWhichThereIsNoneClosesTheConnection(String instruction) {
		assertThat(read("02" + instruction)).isEmpty();
		verifyClosed(Http3ErrorCode.QPACK_ENCODER_STREAM_ERROR);
	}

	@ParameterizedTest
	@ValueSource(strings = { "80", "00", "01", "3f", "7f8080808080808080808000", "7f8080808080808080808080" })
	void instructionThatIsNoStreamCancellationClosesTheConnection(String instruction) {
		assertThat(read("03" + instruction)).isEmpty();
		verifyClosed(Http3ErrorCode.QPACK_DECODER_STREAM_ERROR);
	}

	@Test
	void streamCancellationMayArriveByteByByte() {
		assertThat(read("03")).isEqualTo("03");
		for (String octet : new String[] { "7f", "80", "80", "01", "41" }) {
			assertThat(read(octet)).isEqualTo(octet);
		}
		verifyNoInteractions(this.connection);
	}

	@ParameterizedTest
	@ValueSource(strings = { "00", "02", "03" })
	void resetOfACriticalStreamClosesTheConnection(String type) {
		read(type);
		this.stream.pipeline().fireExceptionCaught(new QuicStreamResetException("reset", 0));
		verifyClosed(Http3ErrorCode.H3_CLOSED_CRITICAL_STREAM);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "40", "21" })
	void resetOfAnyOtherStreamHarmsNothing(String type) {
		read(type);
		this.stream.pipeline().fireExceptionCaught(new QuicStreamResetException("reset", 0));
		assertThat(this.stream.isOpen()).isTrue();
		verifyNoInteractions(this.connection);
	}

	private String read(String content) {
		this.stream.writeInbound(Unpooled.copiedBuffer(HexFormat.of().parseHex(content)));
		StringBuilder passed = new StringBuilder();
		for (ByteBuf buffer = this.stream.readInbound(); buffer != null; buffer = this.stream.readInbound()) {
			passed.append(ByteBufUtil.hexDump(buffer));
			buffer.release();
		}
		return passed.toString();
	}

	private void verifyClosed(Http3ErrorCode error) {
		verify(this.connection).close(true, error.code(), Unpooled.EMPTY_BUFFER);
	}

}
