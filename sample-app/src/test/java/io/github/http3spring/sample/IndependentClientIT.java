package io.github.http3spring.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.http3spring.wire.BodyPattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sample with a client of another stack, gtlsclient of ngtcp2 and nghttp3, beyond
 * what all clients do. Without it the tests are skipped, except in CI.
 */
@EnabledIf(value = "isClientThereOrExpected", disabledReason = "gtlsclient is not installed")
class IndependentClientIT {

	private static final String CLIENT = "gtlsclient";

	private static SampleProcess sample;

	static boolean isClientThereOrExpected() {
		return System.getenv("CI") != null || ClientPrograms.find(CLIENT).isPresent();
	}

	@TempDir
	private Path directory;

	@BeforeAll
	static void startSample() throws IOException {
		sample = SampleProcess.serve("--http3.server.ssl.early-data=true");
	}

	@AfterAll
	static void stopSample() {
		sample.close();
	}

	@Test
	void postsMegabyte() throws Exception {
		Path body = Files.write(this.directory.resolve("body"), new byte[1_000_000]);
		assertThat(request("count", "-d", body.toString(), "-m", "POST")).asString().isEqualTo("1000000");
	}

	@Test
	void downloadsTenMegabytesToTheLastByte() throws Exception {
		byte[] expected = BodyPattern.bytes(10_000_000);
		byte[] actual = request("bytes/10000000");
		assertThat(actual).hasSameSizeAs(expected);
		assertThat(Arrays.mismatch(actual, expected)).as("first byte that differs").isEqualTo(-1);
	}

	/**
	 * It sends each request in one frame with its end.
	 */
	@Test
	void getsThousandsOfAnswersOnOneConnection() throws Exception {
		String output = run("hello", List.of("-n", "2500"));
		assertThat(output.lines().filter((line) -> line.contains("[:status: 200]"))).hasSize(2500);
		assertThat(output).doesNotContainIgnoringCase("goaway");
	}

	@Test
	void learnsThatItsHeaderIsTooLarge() throws Exception {
		String output = run("hello?" + "x".repeat(9000), List.of());
		assertThat(output).contains("[:status: 431]");
	}

	@Test
	void unsafeRequestIsServedAfterTheHandshakeAlone() throws Exception {
		Path body = Files.write(this.directory.resolve("body"), new byte[10]);
		List<String> post = List.of("-d", body.toString(), "-m", "POST",
				"--session-file=" + this.directory.resolve("session"), "--tp-file=" + this.directory.resolve("tp"));
		String[] early = post.toArray(String[]::new);
		assertThat(request("count", early)).as("without a ticket").asString().isEqualTo("10");
		assertThat(request("count", early)).as("425 has no content").isEmpty();
		String[] late = Stream.concat(post.stream(), Stream.of("--disable-early-data")).toArray(String[]::new);
		assertThat(request("count", late)).asString().isEqualTo("10");
	}

	/**
	 * Send one request.
	 * @return the content of the response, which the client stores under the last part of
	 * the path
	 */
	private byte[] request(String path, String... options) throws Exception {
		List<String> all = new ArrayList<>(List.of("-q", "--download=" + this.directory));
		all.addAll(List.of(options));
		run(path, all);
		return Files.readAllBytes(this.directory.resolve(Path.of(path).getFileName()));
	}

	/**
	 * Send one request.
	 * @return what the client has printed
	 */
	private String run(String path, List<String> options) throws Exception {
		int port = sample.udpPort();
		List<String> command = new ArrayList<>(List.of(CLIENT, "--no-quic-dump", "--exit-on-all-streams-close"));
		command.addAll(options);
		command.addAll(List.of("127.0.0.1", String.valueOf(port), "https://localhost:" + port + "/" + path));
		Path log = this.directory.resolve("client.log");
		Process client = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
		try {
			assertThat(client.waitFor(30, TimeUnit.SECONDS)).isTrue();
			String output = Files.readString(log);
			assertThat(client.exitValue()).as(output).isZero();
			return output;
		}
		finally {
			client.destroyForcibly();
		}
	}

}
