package io.github.http3spring.sample.demo;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link DemoOptions}.
 */
class DemoOptionsTests {

	@Test
	void nothingIsChangedUnlessItIsAskedFor() {
		assertThat(DemoOptions.parse()).isEqualTo(new DemoOptions(0, Duration.ZERO, false, false, List.of()));
	}

	@ParameterizedTest
	@CsvSource({ "5%, 0.05", "0.05, 0.05", "0, 0", "30%, 0.3" })
	void lossIsAPartOrPercent(String value, double loss) {
		assertThat(DemoOptions.parse("--loss=" + value).loss()).isEqualTo(loss);
	}

	@ParameterizedTest
	@CsvSource({ "20ms, 20", "20, 20", "PT0.1S, 100", "0, 0" })
	void delayIsWrittenAsInSpring(String value, long millis) {
		assertThat(DemoOptions.parse("--delay=" + value).delay()).isEqualTo(Duration.ofMillis(millis));
	}

	@ParameterizedTest
	@ValueSource(strings = { "--loss", "--loss=much", "--loss=31%", "--loss=-1%", "--loss=NaN", "--delay",
			"--delay=soon", "--delay=1s", "--delay=501ms", "--delay=-1ms" })
	void whatMakesNoSenseIsRefused(String argument) {
		assertThatIllegalArgumentException().isThrownBy(() -> DemoOptions.parse(argument))
			.withMessageStartingWith("'" + argument.split("=")[0] + "' is a ");
	}

	@Test
	void whatIsNotForTheDemoIsForTheApplication() {
		DemoOptions options = DemoOptions.parse("--server.port=1", "--compare", "--losses=1");
		assertThat(options.others()).containsExactly("--server.port=1", "--losses=1");
		assertThat(options.compare()).isTrue();
	}

	@Test
	void applicationIsSilentWhereOutputIsForPrograms() {
		assertThat(DemoOptions.parse("--json").others()).containsExactly("--logging.threshold.console=OFF");
	}

}
