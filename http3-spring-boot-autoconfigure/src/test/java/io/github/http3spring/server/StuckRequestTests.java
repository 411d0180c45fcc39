package io.github.http3spring.server;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StuckRequest} and {@link OpenRequestSnapshot}, which are logged.
 */
class StuckRequestTests {

	@ParameterizedTest
	@ValueSource(chars = { '\n', '\r', '\t', '\u001b', '\u007f', '\u0085', '\u009b', '\u2028', '\u2029', '\u202e' })
	void nothingOfThePeerEndsOrHidesALine(char character) {
		String text = "a" + character + "b";
		assertThat(new StuckRequest(text, "/" + text, Duration.ZERO, null, StuckRequest.Reason.DEADLINE))
			.hasToString("a?b /a?b from null, " + "open for 0 ms");
		OpenRequestSnapshot snapshot = new OpenRequestSnapshot(text, "/" + text, Duration.ZERO);
		assertThat(snapshot.method()).isEqualTo("a?b");
		assertThat(snapshot.path()).isEqualTo("/a?b");
	}

	@Test
	void longTextIsShortened() {
		StuckRequest request = new StuckRequest("M".repeat(1000), "/".repeat(1000), Duration.ZERO, null,
				StuckRequest.Reason.DEADLINE);
		assertThat(request.method()).hasSize(StuckRequest.MAX_PATH_LENGTH);
		assertThat(request.path()).hasSize(StuckRequest.MAX_PATH_LENGTH);
	}

}
