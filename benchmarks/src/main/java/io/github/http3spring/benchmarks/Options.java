package io.github.http3spring.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * What to run, as the command line says it.
 *
 * @param quick whether a first look is enough
 * @param servers the names of the servers, none for all
 * @param workloads the names of the workloads, none for all
 * @param rounds how often each server does each workload
 * @param warmUp the most time to warm up a server for a workload
 * @param limit the time for everything, but for one round of each workload
 * @param output where the results go
 */
record Options(boolean quick, List<String> servers, List<String> workloads, int rounds, Duration warmUp, Duration limit,
		@Nullable Path output) {

	static final String USAGE = """
			run [--quick] [--servers NAME,...] [--workloads NAME,...] [--rounds NUMBER] [--warm-up SECONDS] [--minutes NUMBER] [--output DIRECTORY]

			The workloads share out the time of --minutes. What does not fit is warmed up less, and measured in fewer rounds.
			--quick is for a first look: fewer servers, workloads and rounds, and less time to warm up
			""";

	private static final int ROUNDS = 5;

	private static final int QUICK_ROUNDS = 2;

	private static final Duration WARM_UP = Duration.ofSeconds(20);

	private static final Duration LIMIT = Duration.ofMinutes(14);

	private static final Duration QUICK_LIMIT = Duration.ofMinutes(4);

	private static final Duration QUICK_WARM_UP = Duration.ofSeconds(5);

	/**
	 * Read the command line.
	 * @param arguments the command line
	 * @return what it says
	 * @throws IllegalArgumentException if it says something else
	 */
	static Options parse(String... arguments) {
		Map<String, String> values = new TreeMap<>();
		boolean quick = false;
		for (int i = 0; i < arguments.length; i++) {
			if (arguments[i].equals("--quick")) {
				quick = true;
			}
			else if (i + 1 < arguments.length) {
				values.put(arguments[i], arguments[++i]);
			}
			else {
				throw new IllegalArgumentException(arguments[i] + " needs a value");
			}
		}
		List<String> servers = take(values, "--servers", Options::names, List.of());
		List<String> workloads = take(values, "--workloads", Options::names, List.of());
		int rounds = take(values, "--rounds", Integer::valueOf, quick ? QUICK_ROUNDS : ROUNDS);
		Duration warmUp = take(values, "--warm-up", (text) -> Duration.ofSeconds(Long.parseLong(text)),
				quick ? QUICK_WARM_UP : WARM_UP);
		Duration limit = take(values, "--minutes", (text) -> Duration.ofMinutes(Long.parseLong(text)),
				quick ? QUICK_LIMIT : LIMIT);
		Path output = values.containsKey("--output") ? Path.of(values.remove("--output")) : null;
		if (!values.isEmpty()) {
			throw new IllegalArgumentException("Unknown: " + values.keySet());
		}
		return new Options(quick, servers, workloads, rounds, warmUp, limit, output);
	}

	private static <T> T take(Map<String, String> values, String name, Function<String, T> parser, T otherwise) {
		String value = values.remove(name);
		return (value != null) ? parser.apply(value) : otherwise;
	}

	private static List<String> names(String text) {
		return Arrays.asList(text.split(","));
	}

	/**
	 * Choose those that were asked for.
	 * @param <T> what to choose from
	 * @param all all there are
	 * @param names the names that were asked for
	 * @param name tells the name of one
	 * @return all if no names were given
	 * @throws IllegalArgumentException if there is none of one of the names
	 */
	static <T> List<T> choose(List<T> all, List<String> names, Function<T, String> name) {
		List<String> known = all.stream().map(name).toList();
		List<String> unknown = names.stream().filter((wanted) -> !known.contains(wanted)).toList();
		if (!unknown.isEmpty()) {
			throw new IllegalArgumentException("There is no " + unknown + ", but " + known);
		}
		return names.isEmpty() ? all : all.stream().filter((one) -> names.contains(name.apply(one))).toList();
	}

}
