package io.github.http3spring.fuzz;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.http3spring.netty.FuzzedServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that neither our parsers nor a running server fail at what a fuzzer makes up that
 * is guided by coverage, in a process of its own that native code may bring down. By
 * default for a few seconds, {@code -Dfuzz.seconds=600} for longer, each set of targets
 * in {@code -Dfuzz.targets=FRAMES,TOKENS;SERVER_STREAMS} one after another. What is found
 * is left in {@code target/fuzz}.
 */
class FuzzIT {

	private static final Logger logger = LoggerFactory.getLogger(FuzzIT.class);

	private static final String FUZZER = "com.code_intelligence.jazzer.Jazzer";

	private static final int SECONDS = Integer.getInteger("fuzz.seconds", 3);

	private static final Pattern RUNS = Pattern.compile("stat::number_of_executed_units: +(\\d+)");

	private static final Pattern COVERAGE = Pattern.compile("cov: (\\d+)");

	static Stream<FuzzTarget> servers() {
		return Arrays.stream(FuzzTarget.values()).filter(FuzzTarget::hasServer);
	}

	static Stream<String> targets() {
		String targets = System.getProperty("fuzz.targets");
		if (targets != null) {
			return Arrays.stream(targets.split(";"));
		}
		return Stream.of(FuzzCorpusTests.parsers(), servers())
			.map((set) -> set.map(FuzzTarget::name).collect(Collectors.joining(",")));
	}

	@AfterAll
	static void endServer() {
		FuzzedServer.instance().close();
	}

	@Test
	void serverStandsTheInputsThatAreKept() {
		servers().forEach((target) -> {
			assertThat(target.corpus()).hasSizeGreaterThan(3);
			target.corpus().forEach(target::run);
			FuzzedServer.instance().check();
		});
	}

	@ParameterizedTest
	@MethodSource("targets")
	void fuzzerFindsNothing(String targets) throws Exception {
		Assumptions.assumeTrue(isFuzzerPresent(), "the line for Spring Boot 3.5 has the fuzzer");
		Path directory = Files.createDirectories(Path.of("target", "fuzz", targets.replace(',', '-')));
		Path corpus = corpus(targets, directory);
		String output = fuzz(targets, directory, "-max_total_time=" + SECONDS, "-max_len=256", "-print_final_stats=1",
				"-artifact_prefix=" + directory + File.separator, corpus.toString());
		long runs = last(RUNS, output);
		logger.info("{}: {} inputs, coverage {}", targets, runs, last(COVERAGE, output));
		assertThat(runs).isPositive();
	}

	private static String fuzz(String targets, Path directory, String... options) throws Exception {
		Path log = directory.resolve("log");
		List<String> command = command(targets, directory);
		command.addAll(List.of(options));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
		try {
			assertThat(process.waitFor(SECONDS * 2L + 120, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		String output = Files.readString(log);
		assertThat(process.exitValue()).withFailMessage(() -> tail(output)).isZero();
		return output;
	}

	private static boolean isFuzzerPresent() {
		try {
			Class.forName(FUZZER, false, FuzzIT.class.getClassLoader());
			return true;
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

	private static List<String> command(String targets, Path directory) {
		return new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=" + ((SECONDS < 60) ? 1 : 4), "-XX:+UseSerialGC", "-Xmx512m",
				"-Dio.netty.leakDetection.level=paranoid", "-Dfuzz.targets=" + targets, "-cp",
				System.getProperty("java.class.path"), FUZZER, "--target_class=" + Fuzzer.class.getName(),
				"--instrumentation_includes=io.github.http3spring.netty.**:io.netty.incubator.codec.http3.**",
				"--custom_hook_excludes=**", "--reproducer_path=" + directory));
	}

	/**
	 * Write the corpus as files, beside what earlier runs have added.
	 */
	private static Path corpus(String targets, Path directory) throws IOException {
		Path corpus = Files.createDirectories(directory.resolve("corpus"));
		String[] names = targets.split(",");
		for (int index = 0; index < names.length; index++) {
			FuzzTarget target = FuzzTarget.valueOf(names[index]);
			// With a single target there is no byte that chooses it
			String choice = (names.length > 1) ? HexFormat.of().toHexDigits((byte) index) : "";
			List<byte[]> inputs = target.corpus();
			for (int input = 0; input < inputs.size(); input++) {
				Files.write(corpus.resolve(target + "-" + input),
						HexFormat.of().parseHex(choice + HexFormat.of().formatHex(inputs.get(input))));
			}
		}
		return corpus;
	}

	private static long last(Pattern pattern, String output) {
		Matcher matcher = pattern.matcher(output);
		long value = 0;
		while (matcher.find()) {
			value = Long.parseLong(matcher.group(1));
		}
		return value;
	}

	private static String tail(String output) {
		return output.lines()
			.filter((line) -> !line.startsWith("#") && !line.startsWith("INFO"))
			.limit(60)
			.collect(Collectors.joining("\n"));
	}

}
