package io.github.http3spring.sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The built jar in a JVM of its own, which does not outlive the test.
 */
public final class SampleProcess implements AutoCloseable {

	/**
	 * Bound of everything that a test waits for.
	 */
	public static final Duration TIMEOUT = Duration.ofSeconds(60);

	/**
	 * Where to keep what the processes have printed, for who looks into a failure.
	 */
	private static final Path LOGS = Path.of("target", "failsafe-reports");

	private static final Path OWN_JAR = Path.of("target", "sample-app.jar");

	private static final Path JAR = Path.of(System.getProperty("sample.jar", OWN_JAR.toString()));

	private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

	private static final String CERTIFICATE = "-Dhttp3.server.ssl.development-certificate-directory="
			+ SampleCertificate.DIRECTORY;

	private static final Path TEST_CLASSES = Path.of("target", "test-classes");

	private static final Pattern TCP_PORT = Pattern.compile("Netty started on port (\\d+) \\(https\\)");

	private static final Pattern MANAGEMENT_PORT = Pattern.compile("Netty started on port (\\d+) \\(http\\)");

	private static final Pattern UDP_PORT = Pattern.compile("HTTP/3 started on UDP port (\\d+)");

	private static final Pattern STARTED = Pattern.compile("Started SampleApplication in (\\S+) seconds");

	private final Process process;

	private final List<String> lines = new CopyOnWriteArrayList<>();

	private final CompletableFuture<Void> output;

	private volatile long longestSilence;

	private SampleProcess(Process process) {
		this.process = process;
		// A thread of its own: the common pool may have no more than one
		this.output = CompletableFuture.runAsync(this::readOutput, (task) -> new Thread(task, "output").start());
	}

	static boolean isOfAnotherVersion() {
		return !JAR.equals(OWN_JAR);
	}

	/**
	 * Run the jar with arguments.
	 */
	public static SampleProcess run(String... arguments) throws IOException {
		return launch(List.of("-jar", JAR.toString()), Stream.of(arguments));
	}

	/**
	 * Start the servers, on a free port unless one is given, and wait until they are
	 * ready.
	 */
	public static SampleProcess serve(String... arguments) throws IOException {
		return awaitStart(run(withFreePort(arguments).toArray(String[]::new)));
	}

	/**
	 * Start the servers with defaults of the virtual machine and the system, but for some
	 * options.
	 * @param options options of the virtual machine
	 */
	static SampleProcess serveWithOptions(List<String> options) throws IOException {
		List<String> command = new ArrayList<>(List.of(JAVA.toString(), CERTIFICATE));
		command.addAll(options);
		command.addAll(List.of("-jar", JAR.toString()));
		withFreePort().forEach(command::add);
		return awaitStart(new SampleProcess(new ProcessBuilder(command).redirectErrorStream(true).start()));
	}

	/**
	 * Start the servers with a configuration of the tests beside that of the sample.
	 */
	static SampleProcess serveWith(Class<?> configuration, String... arguments) throws IOException {
		List<String> launcher = List.of("-Dloader.path=" + TEST_CLASSES, "-cp", JAR.toString(),
				"org.springframework.boot.loader.launch.PropertiesLauncher");
		return awaitStart(launch(launcher,
				Stream.concat(Stream.of("--spring.main.sources=" + configuration.getName()), withFreePort(arguments))));
	}

	private static SampleProcess launch(List<String> program, Stream<String> arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of(JAVA.toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
				"-Dio.netty.leakDetection.level=paranoid", CERTIFICATE,
				// What Linux grants unless it is told otherwise
				"-Dhttp3.server.udp.receive-buffer-size=200KB", "-Dhttp3.server.udp.send-buffer-size=200KB"));
		command.addAll(program);
		arguments.forEach(command::add);
		return new SampleProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
	}

	private static Stream<String> withFreePort(String... arguments) {
		boolean free = Stream.of(arguments).noneMatch((argument) -> argument.startsWith("--server.port="));
		return Stream.concat(free ? Stream.of("--server.port=0") : Stream.empty(), Stream.of(arguments));
	}

	private static SampleProcess awaitStart(SampleProcess process) {
		try {
			process.find(STARTED);
			return process;
		}
		catch (Throwable ex) {
			process.close();
			throw ex;
		}
	}

	private void readOutput() {
		try (BufferedReader reader = this.process.inputReader()) {
			long last = System.nanoTime();
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				this.lines.add(line);
				long now = System.nanoTime();
				this.longestSilence = Math.max(this.longestSilence, now - last);
				last = now;
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String find(Pattern pattern) {
		await().atMost(TIMEOUT)
			.pollInterval(Duration.ofMillis(10))
			.until(() -> !this.process.isAlive() || pattern.matcher(log()).find());
		Matcher matcher = pattern.matcher(log());
		assertThat(matcher.find()).as("%s in%n%s", pattern, log()).isTrue();
		return matcher.group(1);
	}

	int tcpPort() {
		return Integer.parseInt(find(TCP_PORT));
	}

	/**
	 * Return the port of the management server, which speaks plain HTTP.
	 */
	int managementPort() {
		return Integer.parseInt(find(MANAGEMENT_PORT));
	}

	/**
	 * Return the port of HTTP/3.
	 */
	public int udpPort() {
		return Integer.parseInt(find(UDP_PORT));
	}

	/**
	 * Return the address of HTTP/3.
	 */
	public InetSocketAddress udpAddress() {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), udpPort());
	}

	/**
	 * Return how much memory the process has, where Linux tells.
	 * @return mebibytes
	 */
	long memory() throws IOException {
		Path status = Path.of("/proc", Long.toString(this.process.pid()), "status");
		try (Stream<String> lines = Files.lines(status)) {
			return lines.filter((line) -> line.startsWith("VmRSS:"))
				.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
				.findFirst()
				.orElse(0);
		}
	}

	/**
	 * Return the time that the process has had of all cores.
	 */
	Duration cpuTime() {
		return this.process.info().totalCpuDuration().orElse(Duration.ZERO);
	}

	/**
	 * Let all threads of a process run on one core only.
	 * @param process the identifier of the process
	 * @param core the number of the core
	 */
	static void confine(long process, int core) throws Exception {
		int status = new ProcessBuilder("taskset", "-a", "-c", "-p", Integer.toString(core), Long.toString(process))
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start()
			.waitFor();
		assertThat(status).isZero();
	}

	long pid() {
		return this.process.pid();
	}

	/**
	 * Send SIGTERM.
	 */
	public void terminate() {
		// Process.destroy() would also close the output
		this.process.toHandle().destroy();
	}

	/**
	 * Wait until the process has ended by itself.
	 * @return the exit status
	 */
	public int awaitExit(Duration bound) throws InterruptedException {
		assertThat(this.process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS))
			.as("Ended within %s:%n%s", bound, log())
			.isTrue();
		this.output.join();
		return this.process.exitValue();
	}

	/**
	 * Return what the process has printed so far.
	 */
	public List<String> lines() {
		return this.lines;
	}

	/**
	 * Return what the process has printed so far.
	 */
	public String log() {
		return String.join(System.lineSeparator(), this.lines);
	}

	/**
	 * Return the longest time for which the process has printed nothing, from its start
	 * to its last line.
	 */
	public Duration longestSilence() {
		return Duration.ofNanos(this.longestSilence);
	}

	@Override
	public void close() {
		this.process.toHandle().destroyForcibly();
		this.process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
		try {
			Files.write(LOGS.resolve("sample-" + this.process.pid() + ".log"), this.lines);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
