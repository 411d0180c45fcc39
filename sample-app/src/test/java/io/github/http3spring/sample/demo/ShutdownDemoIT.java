package io.github.http3spring.sample.demo;

import java.time.Duration;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.http3spring.sample.SampleProcess;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The command "demo" of the built jar.
 */
class ShutdownDemoIT {

	/**
	 * The demo starts the application twice, and gives a client up in between.
	 */
	private static final Duration PATIENCE = SampleProcess.TIMEOUT.multipliedBy(2);

	@Test
	void failsWhenRequestsAreLostAndTellsProgramsToo() throws Exception {
		try (SampleProcess demo = SampleProcess.run("demo", "--server.shutdown=immediate", "--json", "--loss=1%",
				"--delay=5ms")) {
			assertThat(demo.awaitExit(PATIENCE)).as(demo.log()).isEqualTo(1);
			assertThat(demo.log()).contains("The network: 1.0 % of datagrams lost and 5 ms of delay")
				.contains("VERDICT: LOST");
			String json = demo.lines().stream().filter((line) -> line.startsWith("{")).findFirst().orElseThrow();
			JsonNode report = new ObjectMapper().readTree(json);
			assertThat(report.path("good").asBoolean(true)).isFalse();
			assertThat(report.path("complete").asInt()).isLessThan(report.path("requests").asInt());
			assertThat(report.path("loss").asDouble()).isEqualTo(0.01);
			assertThat(report.path("timeline").path(0).path("who").asText()).isEqualTo("server");
		}
	}

	@Test
	void showsThatNothingIsLost() throws Exception {
		try (SampleProcess demo = SampleProcess.run("demo", "--http3.server.shutdown.linger=1s", "--compare")) {
			int status = demo.awaitExit(PATIENCE);
			String log = demo.log();
			assertThat(status).as(log).isZero();
			assertThat(log).contains("5 x GET /slow?millis=1500, waiting for the response")
				.containsPattern("download-8M +1 x GET /bytes/8000000, \\d+ bytes received so far")
				.containsPattern("slow-1 +GOAWAY 4611686018427387900 \\(2\\^62-4\\)")
				.containsPattern("slow-1 +GET /hello complete: 200, 5 bytes")
				.containsPattern("slow-1 +GOAWAY 24: ")
				.containsPattern("slow-4 +GOAWAY 20: ")
				.containsPattern("slow-4 +GET /hello, request 20, reset with H3_REQUEST_REJECTED \\(0x10b\\)")
				.containsPattern("download-8M +GET /bytes/8000000 complete: 200, 8000000 bytes")
				.containsPattern("slow-reader +GET /bytes/1000000 complete: 200, 1000000 bytes")
				.containsPattern("events +GET /events complete: 200, \\d+ bytes")
				.containsPattern("events-tcp +GET /events over HTTP/1.1 complete, after a whole event")
				.containsPattern(" ms: \\d connections are open, \\d+ responses on their way")
				.containsPattern("vanished +1 x GET /slow\\?millis=1000, whose client has been killed")
				.contains("all connections are closed but that of the client that has vanished")
				.containsPattern("incomplete in \\d+ ms: .* 1 vanished, .* \\(1 lost\\)")
				.containsPattern("served again at attempt \\d+, \\d+ ms after the first")
				.containsPattern("idle +GOAWAY 0: ")
				.containsPattern("idle +CONNECTION_CLOSE with H3_NO_ERROR \\(0x100\\)")
				.containsPattern("newcomer +new connection closed with CONNECTION_REFUSED \\(0x02\\)")
				.containsPattern(
						"Reactor Netty alone, .*: \\d+ of 21 requests complete, 0 of 5 connections told by GOAWAY")
				.doesNotContain("MISSING", "LEAK: ", " ERROR ");
			assertThat(demo.lines()).filteredOn((line) -> line.contains(" WARN "))
				.singleElement()
				.asString()
				.contains("vanished");
			assertThat(demo.longestSilence()).isLessThan(Duration.ofSeconds(5));
			assertThat(demo.lines()).last()
				.asString()
				.startsWith("VERDICT: nothing was lost (25 of 25 requests complete, 9 connections closed");
			assertThat(millis(demo)).isSorted().first().isEqualTo(0L);
		}
	}

	private static List<Long> millis(SampleProcess demo) {
		return demo.lines()
			.stream()
			.filter((line) -> line.matches(" *\\d+  \\S+ .*"))
			.map((line) -> Long.valueOf(line.trim().split(" ")[0]))
			.toList();
	}

}
