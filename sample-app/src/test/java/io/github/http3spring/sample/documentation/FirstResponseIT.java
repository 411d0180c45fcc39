package io.github.http3spring.sample.documentation;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import io.github.http3spring.sample.SampleApplication;
import io.github.http3spring.wire.WireClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static io.github.http3spring.sample.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that is configured as the README says answers over HTTP/3, also to the
 * commands that the documentation names, as far as their clients are installed.
 */
class FirstResponseIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final Pattern COMMAND = Pattern.compile("\\| `((?:curl|gtlsclient) [^`]+)` \\|");

	private static final String PORT = "8443";

	/** The content, or the status in a report on what was sent and received. */
	private static final Pattern RESPONSE = Pattern.compile("hello|.*:status: 200.*", Pattern.DOTALL);

	@TempDir
	private Path directory;

	@Test
	void applicationOfTheReadmeAnswers() throws Exception {
		String yaml = Page.of("README.md").blocks("yaml").get(0).text();
		Path configuration = Files.writeString(this.directory.resolve("application.yml"), yaml);
		try (ConfigurableApplicationContext application = new SpringApplicationBuilder(SampleApplication.class).run(
				"--spring.config.location=file:" + configuration, "--server.port=0",
				"--http3.server.ssl.development-certificate-directory=" + this.directory);
				WireClient client = WireClient.create()) {
			String port = application.getEnvironment().getRequiredProperty("local.http3.server.port");
			InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
			assertThat(get(get(client.connect(address)).get("/hello").response()).bodyAsString()).isEqualTo("hello");
			for (String command : commands()) {
				assertThat(run(command.replace(PORT, port))).as(output()).isZero();
				assertThat(output()).matches(RESPONSE);
			}
		}
	}

	/**
	 * Return the commands whose client is installed.
	 */
	private List<String> commands() throws Exception {
		List<String> all = COMMAND.matcher(Page.of("docs/testing.md").text())
			.results()
			.map((command) -> command.group(1))
			.toList();
		assertThat(all).hasSizeGreaterThan(1);
		List<String> installed = new ArrayList<>();
		for (String command : all) {
			String client = command.split(" ")[0];
			String http3 = command.contains("--http3") ? " && " + client + " --version | grep -q HTTP3" : "";
			if (run("command -v " + client + http3) == 0) {
				installed.add(command);
			}
		}
		return installed;
	}

	private int run(String command) throws Exception {
		Process process = new ProcessBuilder("bash", "-c", command).directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("output").toFile())
			.start();
		if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
			process.destroyForcibly();
		}
		return process.waitFor();
	}

	private String output() throws Exception {
		return Files.readString(this.directory.resolve("output"));
	}

}
