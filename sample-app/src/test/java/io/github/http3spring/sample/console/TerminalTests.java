package io.github.http3spring.sample.console;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Terminal}.
 */
class TerminalTests {

	@Test
	void pipeHasLinesOfAnyWidthAndNoColour() {
		assertThat(Terminal.of(Map.of(), false, () -> 80)).isEqualTo(Terminal.NONE);
	}

	@Test
	void terminalHasTheWidthThatItTells() {
		assertThat(Terminal.of(Map.of("TERM", "xterm"), true, () -> 120)).isEqualTo(new Terminal(120, true));
		assertThat(Terminal.of(Map.of(), true, () -> 0).width()).isEqualTo(Terminal.NONE.width());
	}

	@ParameterizedTest
	@CsvSource({ "100, 100", "10, 40", "0, 80", "wide, 80", "-5, 80", "'', 80" })
	void columnsAreObeyedIfTheyMakeSense(String columns, int width) {
		assertThat(Terminal.of(Map.of("COLUMNS", columns), true, () -> 80).width()).isEqualTo(width);
	}

	@ParameterizedTest
	@CsvSource({ "NO_COLOR, 1, false", "NO_COLOR, '', true", "TERM, dumb, false", "TERM, xterm, true" })
	void coloursAreLeftOutWhereTheyAreNotWanted(String variable, String value, boolean colourful) {
		assertThat(Terminal.of(Map.of(variable, value), true, () -> 80).colourful()).isEqualTo(colourful);
	}

	@Test
	void linesAreBrokenBetweenWordsAndIndented() {
		assertThat(new Terminal(12, false).fit("12  ", "one two three fourteenletters x"))
			.containsExactly("12  one two", "    three", "    fourteenletters", "    x");
		assertThat(Terminal.NONE.fit("12  ", "one two three")).containsExactly("12  one two three");
	}

	@Test
	void goodAndBadNewsDiffer() {
		assertThat(new Terminal(80, true).mark(true, "good")).isEqualTo("\u001b[32mgood\u001b[0m");
		assertThat(new Terminal(80, true).mark(false, "bad")).isEqualTo("\u001b[31mbad\u001b[0m");
		assertThat(Terminal.NONE.mark(false, "bad")).isEqualTo("bad");
	}

}
