package io.github.http3spring.sample.demo;

import java.time.Duration;
import java.util.List;

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
	void failsWhenRequestsAreLost() throws Exception {
		try (SampleProcess demo = SampleProcess.run("demo", "--server.shutdown=immediate")) {
			assertThat(demo.awaitExit(PATIENCE)).as(demo.log()).isEqualTo(1);
			assertThat(demo.lines()).last().asString().startsWith("VERDICT: LOST");
		}
	}

	@Test
	void showsThatNothingIsLost() throws Exception {
		try (SampleProcess demo = SampleProcess.run("demo", "--http3.server.shutdown.linger=1s")) {
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
