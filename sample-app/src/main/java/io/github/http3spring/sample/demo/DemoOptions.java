package io.github.http3spring.sample.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.convert.DurationStyle;

/**
 * What the command line asks the demo for.
 *
 * @param loss the part of datagrams that are lost, from 0 to 1, in either direction
 * @param delay the time that a datagram takes, in either direction
 * @param compare whether to stop Reactor Netty's own HTTP/3 server in the same way
 * @param json whether to print what has happened for programs
 * @param others the arguments of the application
 */
record DemoOptions(double loss, Duration delay, boolean compare, boolean json, List<String> others) {

	static final String USAGE = """
			Usage: demo [--loss=RATE] [--delay=TIME] [--compare] [--json] [PROPERTY...]

			Stops an application while HTTP/3 clients use it, and tells what each of them saw.

			  --loss=RATE   lose a part of all datagrams in either direction, such as 5% or 0.05
			  --delay=TIME  hold up each datagram in either direction, such as 20ms
			  --compare     stop the HTTP/3 server of Reactor Netty alone in the same way
			  --json        print what has happened as JSON, and words to standard error

			PROPERTY is one of the application, such as --http3.server.shutdown.grace-period=3s.

			Exit status: 0 if nothing was lost and all was as it should be, 1 if not, 2 for a wrong command line.
			""";

	/**
	 * Above this, connections do not come about in time.
	 */
	private static final double MAX_LOSS = 0.3;

	private static final Duration MAX_DELAY = Duration.ofMillis(500);

	/**
	 * Read the command line.
	 * @throws IllegalArgumentException if it makes no sense, with the reason
	 */
	static DemoOptions parse(String... arguments) {
		double loss = 0;
		Duration delay = Duration.ZERO;
		boolean compare = false;
		boolean json = false;
		List<String> others = new ArrayList<>();
		for (String argument : arguments) {
			String value = argument.substring(argument.indexOf('=') + 1);
			switch (argument.split("=")[0]) {
				case "--loss" -> {
					loss = rate(value);
				}
				case "--delay" -> {
					delay = delay(value);
				}
				case "--compare" -> {
					compare = true;
				}
				case "--json" -> {
					json = true;
				}
				default -> others.add(argument);
			}
		}
		if (json) {
			// Standard output has to be JSON and nothing else
			others.add("--logging.threshold.console=OFF");
		}
		return new DemoOptions(loss, delay, compare, json, others);
	}

	private static double rate(String text) {
		boolean percent = text.endsWith("%");
		try {
			double number = Double.parseDouble(percent ? text.substring(0, text.length() - 1) : text);
			double rate = percent ? number / 100 : number;
			if (rate >= 0 && rate <= MAX_LOSS) {
				return rate;
			}
		}
		catch (NumberFormatException ex) {
			// Falls through to the same answer as a number that is too large
		}
		throw new IllegalArgumentException("'--loss' is a rate from 0 to " + MAX_LOSS + ", such as 5% or 0.05.");
	}

	private static Duration delay(String text) {
		try {
			Duration delay = DurationStyle.detectAndParse(text);
			if (!delay.isNegative() && delay.compareTo(MAX_DELAY) <= 0) {
				return delay;
			}
		}
		catch (IllegalArgumentException ex) {
			// Falls through to the same answer as a time that is too long
		}
		throw new IllegalArgumentException("'--delay' is a time up to " + MAX_DELAY.toMillis() + "ms, such as 20ms.");
	}

	/**
	 * Return whether the network is worse than it is by itself.
	 */
	boolean isDisturbed() {
		return this.loss > 0 || !this.delay.isZero();
	}

	/**
	 * Describe the network.
	 */
	@Override
	public String toString() {
		return "%.1f %% of datagrams lost and %d ms of delay in either direction".formatted(this.loss * 100,
				this.delay.toMillis());
	}

}
