package io.github.http3spring.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests that our own parsers stand the inputs that a fuzzer has found to make a
 * difference.
 */
class FuzzCorpusTests {

	static Stream<FuzzTarget> parsers() {
		return Arrays.stream(FuzzTarget.values()).filter((target) -> !target.hasServer());
	}

	@ParameterizedTest
	@MethodSource("parsers")
	void parserStandsTheInputsThatAreKept(FuzzTarget target) {
		List<byte[]> corpus = target.corpus();
		assertThat(corpus).hasSizeGreaterThan(3);
		for (byte[] input : corpus) {
			assertThatNoException().isThrownBy(() -> target.run(input));
		}
	}

}
