package io.github.http3spring.sample.demo;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

import io.github.http3spring.sample.console.Terminal;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Timeline}.
 */
class TimelineTests {

	private static final long START = 5_000_000;

	private final Timeline timeline = new Timeline(START);

	@Test
	void leavesOutWhatHappenedBeforeTheStart() {
		this.timeline.add(START - 1, "client", "early");
		this.timeline.add(START, "client", "first");
		assertThat(print()).containsExactly("      0  client        first");
	}

	@Test
	void sortsByTimeWhateverTheOrderOfReports() {
		this.timeline.add(START + 2_000_000, "client", "last");
		this.timeline.add(START + 1_999_999, "server", "second");
		this.timeline.add(START, "server", "first");
		assertThat(print()).containsExactly("      0  server        first", "      1  server        second",
				"      2  client        last");
	}

	@Test
	void countsWhatRepeatsWithNothingInBetween() {
		this.timeline.add(START, "client", "done");
		this.timeline.add(START + 1_000_000, "client", "done");
		this.timeline.add(START + 2_000_000, "other", "done");
		this.timeline.add(START + 3_000_000, "client", "done");
		assertThat(print()).containsExactly("      1  client        2 x done", "      2  other         done",
				"      3  client        done");
	}

	private List<String> print() {
		ByteArrayOutputStream output = new ByteArrayOutputStream();
		this.timeline.print(new PrintStream(output), Terminal.NONE);
		return output.toString().lines().skip(1).toList();
	}

}
