package io.github.http3spring.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The steps of {@code docs/local-certificates.md}, as they stand there, but for the port.
 */
class LocalCertificatesIT {

	private static final Path PAGE = Path.of("..", "docs", "local-certificates.md");

	private static final Path SCRIPT = Path.of("..", "sample-app", "src", "test", "clients", "chromium", "trusted.mjs");

	private static final Pattern BLOCK = Pattern.compile("^```bash\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

	private static final String FOR_ANY_AUTHORITY = "--origin-to-force-quic-on=localhost:1";

	@TempDir
	Path home;

	static boolean isChromiumThere() {
		return PageIT.isInstalled()
				&& (System.getenv("CI") != null || Files.isExecutable(Path.of("/usr/bin/certutil")));
	}

	static boolean isGtlsClientThere() {
		return IndependentClientIT.isClientThereOrExpected();
	}

	@Test
	@EnabledIf(value = "isChromiumThere", disabledReason = "needs Chromium, certutil, and playwright-core in NODE_PATH")
	void chromiumChangesOverWithTheOptionAloneAndTheLogSaysWhyNotWithoutIt() throws Exception {
		assertThat(PAGE).content().contains("chromium " + FOR_ANY_AUTHORITY + " ");
		try (SampleProcess sample = serve()) {
			run(block("certutil"), sample);
			assertThat(chromium(sample)).containsOnly("HTTP/2.0").hasSize(10);
			await().atMost(SampleProcess.TIMEOUT)
				.until(() -> sample.log().contains("with the TLS alert certificate_unknown"));
			assertThat(sample.log()).containsOnlyOnce("A client has refused the certificate of the HTTP/3 server");
			assertThat(chromium(sample, FOR_ANY_AUTHORITY)).startsWith("HTTP/2.0").endsWith("HTTP/3.0");
		}
	}

	@Test
	@EnabledIf(value = "isGtlsClientThere", disabledReason = "gtlsclient is not installed")
	void gtlsclientGetsHello() throws Exception {
		try (SampleProcess sample = serve()) {
			assertThat(run(block("gtlsclient"), sample)).anyMatch((line) -> line.contains("[:status: 200]"));
		}
	}

	private SampleProcess serve() throws IOException {
		return SampleProcess
			.serve("--http3.server.ssl.development-certificate-directory=" + this.home.resolve(".http3-spring"));
	}

	/**
	 * Return the block of commands on the page that begins with a line with this command.
	 */
	private static String block(String command) throws IOException {
		return BLOCK.matcher(Files.readString(PAGE))
			.results()
			.map((result) -> result.group(1))
			.filter((block) -> block.contains(command + " -"))
			.findFirst()
			.orElseThrow();
	}

	private List<String> run(String commands, SampleProcess sample) throws Exception {
		return run(List.of("bash", "-euc", commands.replace("8443", String.valueOf(sample.udpPort()))));
	}

	private List<String> chromium(SampleProcess sample, String... options) throws Exception {
		List<String> command = new ArrayList<>(
				List.of("node", SCRIPT.toString(), "/usr/bin/chromium", String.valueOf(sample.udpPort())));
		command.addAll(List.of(options));
		return run(command);
	}

	private List<String> run(List<String> command) throws Exception {
		Path output = this.home.resolve("output.txt");
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
		builder.environment().put("HOME", this.home.toString());
		Process process = builder.start();
		try {
			assertThat(process.waitFor(Duration.ofMinutes(1).toSeconds(), TimeUnit.SECONDS)).isTrue();
		}
		finally {
			process.descendants().forEach(ProcessHandle::destroyForcibly);
			process.destroyForcibly();
		}
		List<String> lines = Files.readAllLines(output);
		assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
		return lines;
	}

}
