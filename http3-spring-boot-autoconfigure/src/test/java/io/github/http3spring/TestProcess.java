package io.github.http3spring;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application in a process of its own that lacks a part of the class path of the
 * tests, and has ended.
 *
 * @param output what it has written
 * @param exitValue its exit value
 */
record TestProcess(String output, int exitValue) {

	private static final int TIMEOUT_SECONDS = 60;

	/**
	 * Run an application to its end.
	 * @param main the class with the main method
	 * @param without chooses the entries of the class path that it lacks
	 * @param directory for its files
	 */
	static TestProcess run(Class<?> main, Predicate<String> without, Path directory) throws Exception {
		Path keyStore = TestKeyStore.create(directory.resolve("server.p12"), "localhost");
		String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter(without.negate())
			.collect(Collectors.joining(File.pathSeparator));
		Path output = directory.resolve("output");
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-XX:+UseSerialGC", "-cp", classPath, main.getName(), "--server.port=0",
						"--server.address=127.0.0.1", "--spring.reactor.netty.shutdown-quiet-period=0s"));
		for (String property : TestContextRunner.tls(keyStore)) {
			command.add("--" + property);
		}
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
		try {
			assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		return new TestProcess(Files.readString(output), process.exitValue());
	}

}
