package io.github.http3spring.sample.get;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.github.http3spring.sample.SampleCertificate;
import io.github.http3spring.sample.SampleProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The command "get" with the sample as the server.
 */
class GetCommandIT {

	private static SampleProcess sample;

	private static String certificate;

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	private final ByteArrayOutputStream err = new ByteArrayOutputStream();

	@BeforeAll
	static void startSample() throws IOException {
		sample = SampleProcess.serve("--http3.server.ssl.early-data=true");
		certificate = SampleCertificate.files().certificate().toString();
	}

	@AfterAll
	static void stopSample() {
		sample.close();
	}

	@Test
	void jarShowsTheResponseAndTheSecondRequestAsEarlyData() throws Exception {
		try (SampleProcess get = SampleProcess.run("get", "--resume", "--cacert", certificate,
				url("localhost", "/hello"))) {
			int status = get.awaitExit(SampleProcess.TIMEOUT);
			assertThat(status).as(get.log()).isZero();
			String[] exchanges = get.log().split("Once more:");
			assertThat(exchanges).hasSize(2)
				.allSatisfy((exchange) -> assertThat(exchange).contains("HTTP/3 200", "content-type: text/plain",
						"\nhello\n"));
			assertThat(exchanges[0]).contains("full handshake", "no early data")
				.containsPattern(
						"handshake done after [0-9.]+ ms, first byte after [0-9.]+ ms, complete after [0-9.]+ ms; 5 bytes");
			assertThat(exchanges[1]).contains("resumed", "request sent as early data (0-RTT)");
			assertThat(get.log()).doesNotContain("DEBUG");
		}
	}

	@Test
	void statusOfTheResponseIsThatOfTheCommand() {
		assertThat(get("--cacert", certificate, url("127.0.0.1", "/nothing"))).isEqualTo(1);
		assertThat(this.out.toString(StandardCharsets.UTF_8)).startsWith("HTTP/3 404").contains("\"status\":404");
	}

	@Test
	void certificateThatNobodyHereTrustsIsRefusedUnlessAnyWillDo() {
		assertThat(get(url("localhost", "/bytes/100000"))).isEqualTo(4);
		assertThat(this.err.toString(StandardCharsets.UTF_8)).contains("The certificate of localhost is not trusted: ",
				"CN=localhost", "--cacert FILE", "--insecure");
		assertThat(get("--insecure", url("localhost", "/bytes/100000"))).isZero();
		assertThat(this.out.toString(StandardCharsets.UTF_8)).contains("(100000 bytes of application/octet-stream)");
	}

	@Test
	void certificateForAnotherHostIsRefused() {
		assertThat(get("--cacert", certificate, url("127.0.0.2", "/hello"))).isEqualTo(4);
		assertThat(this.err.toString(StandardCharsets.UTF_8))
			.contains("The certificate is not for 127.0.0.2 but for localhost, 127.0.0.1, 0:0:0:0:0:0:0:1.");
	}

	@Test
	void hostWithoutHttp3IsSaidToHaveNone() throws Exception {
		// A port that nobody answers from
		try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
			assertThat(get("--timeout", "0.3", "https://127.0.0.1:" + silent.getLocalPort())).isEqualTo(3);
		}
		assertThat(this.err.toString(StandardCharsets.UTF_8)).contains("Nobody speaks HTTP/3 at 127.0.0.1:",
				"no answer over UDP within 300 ms", "Over TCP there is no answer either");
	}

	@Test
	void wrongCommandLineIsAnsweredWithTheRightOne() {
		assertThat(get("http://localhost/")).isEqualTo(2);
		assertThat(this.err.toString(StandardCharsets.UTF_8)).contains("HTTP/3 is for 'https' alone", "Usage: get ");
		assertThat(get("--help")).isZero();
		assertThat(this.out.toString(StandardCharsets.UTF_8)).startsWith("Usage: get ");
	}

	private int get(String... arguments) {
		return new GetCommand(new PrintStream(this.out, true, StandardCharsets.UTF_8),
				new PrintStream(this.err, true, StandardCharsets.UTF_8))
			.run(List.of(arguments));
	}

	private static String url(String host, String path) {
		return "https://" + host + ":" + sample.udpPort() + path;
	}

}
