package io.github.http3spring.sample.console;

import java.io.Console;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

import org.springframework.util.StringUtils;

/**
 * What the place that a command prints to can show.
 *
 * @param width the characters in a line
 * @param colourful whether it shows colours
 */
public record Terminal(int width, boolean colourful) {

	/**
	 * A file or a pipe.
	 */
	public static final Terminal NONE = new Terminal(Integer.MAX_VALUE, false);

	/**
	 * Below this, lines would be broken within what belongs together.
	 */
	private static final int MIN_WIDTH = 40;

	private static final String GOOD = "\u001b[32m";

	private static final String BAD = "\u001b[31m";

	private static final String END = "\u001b[0m";

	/**
	 * Find out what standard output is.
	 * @return the terminal, {@link #NONE} if it is none
	 */
	public static Terminal detect() {
		return of(System.getenv(), isTerminal(System.console()), Terminal::askForWidth);
	}

	/**
	 * Follow what the environment asks for: {@code COLUMNS}, {@code NO_COLOR} and
	 * {@code TERM=dumb}.
	 */
	static Terminal of(Map<String, String> environment, boolean terminal, IntSupplier width) {
		String columns = environment.getOrDefault("COLUMNS", "");
		boolean colourful = terminal && !StringUtils.hasLength(environment.get("NO_COLOR"))
				&& !"dumb".equals(environment.get("TERM"));
		if (columns.matches("[1-9]\\d{0,5}")) {
			return new Terminal(Math.max(MIN_WIDTH, Integer.parseInt(columns)), colourful);
		}
		int known = terminal ? width.getAsInt() : 0;
		return new Terminal((known > 0) ? Math.max(MIN_WIDTH, known) : NONE.width(), colourful);
	}

	/**
	 * From JDK 22 on there may be a console that is no terminal.
	 */
	private static boolean isTerminal(Console console) {
		if (console == null) {
			return false;
		}
		try {
			return (boolean) Console.class.getMethod("isTerminal").invoke(console);
		}
		catch (ReflectiveOperationException ex) {
			return true;
		}
	}

	/**
	 * Shells do not tell programs of {@code COLUMNS} unless they are asked to.
	 */
	private static int askForWidth() {
		try {
			Process process = new ProcessBuilder("stty", "size").redirectInput(Redirect.INHERIT)
				.redirectError(Redirect.DISCARD)
				.start();
			String size = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
			return Integer.parseInt(size.trim().replaceFirst(".* ", ""));
		}
		catch (IOException | NumberFormatException ex) {
			return 0;
		}
	}

	/**
	 * Break a text between words so that it fits.
	 * @param head what stands in front of the first line; the others are indented by as
	 * much
	 * @param text the text
	 * @return the lines
	 */
	public List<String> fit(String head, String text) {
		List<String> lines = new ArrayList<>();
		StringBuilder line = new StringBuilder(head);
		boolean empty = true;
		for (String word : text.split(" ")) {
			if (!empty && line.length() + 1 + word.length() > this.width) {
				lines.add(line.toString());
				line = new StringBuilder(" ".repeat(head.length()));
				empty = true;
			}
			line.append(empty ? "" : " ").append(word);
			empty = false;
		}
		lines.add(line.toString());
		return lines;
	}

	/**
	 * Let a text look good or bad, where there are colours.
	 * @param good whether it is good news
	 * @param text the text
	 * @return the text to print
	 */
	public String mark(boolean good, String text) {
		return this.colourful ? (good ? GOOD : BAD) + text + END : text;
	}

}
