package io.github.http3spring.sample.demo;

import io.github.http3spring.wire.CloseFrame;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ErrorCodes}.
 */
class ErrorCodesTests {

	@ParameterizedTest
	@CsvSource({ "true, 0x100, H3_NO_ERROR (0x100)", "true, 0x10b, H3_REQUEST_REJECTED (0x10b)",
			"true, 0x4242, unknown (0x4242)", "false, 0x02, CONNECTION_REFUSED (0x02)" })
	void namesTheCode(boolean application, String code, String description) {
		CloseFrame frame = new CloseFrame(application, Long.decode(code), "");
		assertThat(ErrorCodes.describe(frame)).isEqualTo(description);
	}

}
