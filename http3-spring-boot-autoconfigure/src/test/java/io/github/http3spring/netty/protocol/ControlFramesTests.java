package io.github.http3spring.netty.protocol;

import java.util.HexFormat;

import io.netty.buffer.Unpooled;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

/**
 * Tests for {@link ControlFrames} and the payloads that it has followed, which arrive in
 * two pieces that are cut anywhere. Frames are in hexadecimal.
 */
class ControlFramesTests {

	private static final String SETTINGS = "0400";

	private PriorityUpdates updates = mock();

	@ParameterizedTest
	@ValueSource(strings = { "", "070100", "07024100", "0708c000000000000000", "0d0105", "2103ffffff" })
	void framesThatAreWholePass(String frames) {
		assertFollowed(SETTINGS + frames, null);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0400", "0402061a", "04020800", "04020801", "04023301", "0405064001211f",
			"040921ffffffffffffffff" })
	void settingsPass(String frame) {
		assertFollowed(frame, null);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0700", "07020000", "070140", "03020540", "0d0180" })
	void frameThatDoesNotEndWithItsIdentifierIsAnError(String frame) {
		assertFollowed(SETTINGS + frame, Http3ErrorCode.H3_FRAME_ERROR);
	}

	@ParameterizedTest
	@ValueSource(strings = { "040106", "0402c000", "0403061a21" })
	void settingWithoutItsValueIsAnError(String frame) {
		assertFollowed(frame, Http3ErrorCode.H3_FRAME_ERROR);
	}

	@ParameterizedTest
	@ValueSource(strings = { "04020000", "04020200", "04020300", "04020400", "04020500", "0404061a0401", "04020802",
			"04023302", "040421012101", "0409337fff3380000002", "040a33ffffffffffffffff00" })
	void settingOfHttp2AndValueThatASettingCannotHaveAreErrors(String frame) {
		assertFollowed(frame, Http3ErrorCode.H3_SETTINGS_ERROR);
	}

	@ParameterizedTest
	@ValueSource(strings = { "030100", "03023fff" })
	void nothingWasPromisedThatCouldBeCancelled(String frame) {
		assertThat(follow(SETTINGS + "030100", 0)).isEqualTo(Http3ErrorCode.H3_ID_ERROR);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "800f070004" + "04753d31|4|u=1", "800f070001" + "08|8|''",
			"800f070006" + "40fc752c2069|252|u, i" })
	void priorityUpdateIsHandedOn(String frame, long streamId, String value) {
		byte[] stream = HexFormat.of().parseHex(SETTINGS + frame);
		for (int cut = 0; cut <= stream.length; cut++) {
			this.updates = mock();
			assertThat(follow(SETTINGS + frame, cut)).isNull();
			verify(this.updates).update(streamId, Priority.parse(value));
		}
	}

	@Test
	void ofALongPriorityOnlyTheBeginningCounts() {
		String value = "753d312c" + "20".repeat(996);
		assertThat(follow(SETTINGS + "800f0700" + "43e9" + "04" + value, 500)).isNull();
		verify(this.updates).update(4, Priority.parse("u=1"));
	}

	@Test
	void identifierThatIsWrongIsAnError() {
		given(this.updates.update(2, Priority.NONE)).willReturn(Http3ErrorCode.H3_ID_ERROR);
		assertThat(follow(SETTINGS + "800f0700" + "0102", 0)).isEqualTo(Http3ErrorCode.H3_ID_ERROR);
	}

	@ParameterizedTest
	@CsvSource({ "800f070000, H3_FRAME_ERROR", "800f07000140, H3_FRAME_ERROR", "800f070100, H3_FRAME_ERROR",
			"800f07010100, H3_ID_ERROR" })
	void priorityUpdateOfNothingIsAnError(String frame, Http3ErrorCode error) {
		assertFollowed(SETTINGS + frame, error);
		verifyNoInteractions(this.updates);
	}

	private void assertFollowed(String frames, @Nullable Http3ErrorCode error) {
		for (int cut = 0; cut <= frames.length() / 2; cut++) {
			assertThat(follow(frames, cut)).as(frames + " cut at " + cut).isEqualTo(error);
		}
	}

	private @Nullable Http3ErrorCode follow(String frames, int cut) {
		FrameHeaders headers = new FrameHeaders(new ControlFrames(() -> true, this.updates));
		byte[] stream = HexFormat.of().parseHex(frames);
		headers.follow(Unpooled.copiedBuffer(stream, 0, cut), 0);
		return headers.follow(Unpooled.copiedBuffer(stream, cut, stream.length - cut), 0);
	}

}
