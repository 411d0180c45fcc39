package io.github.http3spring.sample.demo;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GoAway}.
 */
class GoAwayTests {

	@ParameterizedTest
	@CsvSource(textBlock = """
			4611686018427387900, 'GOAWAY 4611686018427387900 (2^62-4): going away, but requests are still served'
			0, 'GOAWAY 0: no request is served any more, and none was'
			4, 'GOAWAY 4: request 0 is the last that is served'
			24, 'GOAWAY 24: request 20 is the last that is served'
			""")
	void saysWhatAnIdentifierMeans(long id, String meaning) {
		assertThat(GoAway.describe(id)).isEqualTo(meaning);
	}

}
