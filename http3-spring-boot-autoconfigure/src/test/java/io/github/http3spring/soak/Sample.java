package io.github.http3spring.soak;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the process of a server holds at one moment.
 *
 * @param heap bytes of the heap that are in use after a collection of garbage
 * @param resident bytes of memory that the process takes of the machine
 * @param direct bytes of direct memory that Netty has
 * @param threads the number of threads
 * @param descriptors the number of sockets and of what event loops wait on
 * @param timers the number of timers of the event loops
 * @param subscriptions the number of handlers that have not ended
 * @param connections the number of connections
 * @param requests the number of requests that are being served
 * @param problems the number of lines in the log that tell of something unexpected
 */
record Sample(long heap, long resident, long direct, long threads, long descriptors, long timers, long subscriptions,
		long connections, long requests, long problems) {

	private static final String PREFIX = "SAMPLE ";

	/**
	 * Return whether a line that a process has written is a sample.
	 */
	static boolean is(String line) {
		return line.startsWith(PREFIX);
	}

	/**
	 * Read a line.
	 */
	static Sample parse(String line) {
		Map<String, Long> values = Arrays.stream(line.substring(PREFIX.length()).split(" "))
			.map((pair) -> pair.split("="))
			.collect(Collectors.toMap((pair) -> pair[0], (pair) -> Long.parseLong(pair[1])));
		Function<String, Long> value = values::get;
		return new Sample(value.apply("heap"), value.apply("resident"), value.apply("direct"), value.apply("threads"),
				value.apply("descriptors"), value.apply("timers"), value.apply("subscriptions"),
				value.apply("connections"), value.apply("requests"), value.apply("problems"));
	}

	/**
	 * Write a line.
	 */
	String format() {
		return PREFIX
				+ "heap=%d resident=%d direct=%d threads=%d descriptors=%d timers=%d subscriptions=%d connections=%d requests=%d problems=%d"
					.formatted(this.heap, this.resident, this.direct, this.threads, this.descriptors, this.timers,
							this.subscriptions, this.connections, this.requests, this.problems);
	}

}
