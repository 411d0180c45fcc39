package io.github.http3spring.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class OptionsTests {

	@Test
	void withoutArgumentsEverythingIsMeasured() {
		Options options = Options.parse();
		assertThat(options.servers()).isEmpty();
		assertThat(options.workloads()).isEmpty();
		assertThat(options.rounds()).isEqualTo(5);
		assertThat(options.output()).isNull();
	}

	@Test
	void quickHasFewerRoundsUnlessTheyAreGiven() {
		assertThat(Options.parse("--quick").rounds()).isEqualTo(2);
		assertThat(Options.parse("--quick").limit()).isEqualTo(Duration.ofMinutes(4));
		assertThat(Options.parse("--quick").warmUp()).isLessThan(Options.parse().warmUp());
		assertThat(Options.parse("--rounds", "7", "--quick", "--warm-up", "4")).satisfies((options) -> {
			assertThat(options.rounds()).isEqualTo(7);
			assertThat(options.warmUp()).isEqualTo(Duration.ofSeconds(4));
		});
	}

	@Test
	void namesAreSeparatedByCommas() {
		assertThat(Options.parse("--servers", "a,b", "--workloads", "get")).satisfies((options) -> {
			assertThat(options.servers()).containsExactly("a", "b");
			assertThat(options.workloads()).containsExactly("get");
		});
	}

	@Test
	void whatIsUnknownIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Options.parse("--server", "a"))
			.withMessageContaining("--server");
		assertThatIllegalArgumentException().isThrownBy(() -> Options.parse("--rounds"))
			.withMessageContaining("--rounds");
		assertThatIllegalArgumentException().isThrownBy(() -> Options.parse("--rounds", "few"));
	}

	@Test
	void thoseAreChosenThatWereNamedInTheirOwnOrder() {
		List<String> all = List.of("a", "b", "c");
		assertThat(Options.choose(all, List.of(), Function.identity())).isEqualTo(all);
		assertThat(Options.choose(all, List.of("c", "a"), Function.identity())).containsExactly("a", "c");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Options.choose(all, List.of("a", "d"), Function.identity()))
			.withMessageContaining("[d]")
			.withMessageContaining("[a, b, c]");
	}

}
