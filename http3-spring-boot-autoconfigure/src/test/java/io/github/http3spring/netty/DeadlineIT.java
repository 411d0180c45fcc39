package io.github.http3spring.netty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.http3spring.server.ShutdownVerdict;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.GracefulShutdownResult;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many connections that the deadline cuts off at once.
 */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("captures the output")
class DeadlineIT {

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final int CLIENTS = 20;

	@Test
	void everyClientThatDoesNotReadSeesTheCloseAndThereIsOneVerdict(CapturedOutput output) throws Exception {
		Duration gracePeriod = Duration.ofMillis(500);
		// The connection's window is full too, so that no GOAWAY gets through
		WireOptions options = WireOptions.defaults().withWindows(200_000, 200_000);
		try (WireClient client = WireClient.create(options);
				TestServer server = TestServer.start("http3.server.shutdown.grace-period=" + gracePeriod)) {
			List<WireConnection> connections = new ArrayList<>();
			for (int number = 0; number < CLIENTS; number++) {
				WireConnection connection = get(client.connect(server.address()));
				connections.add(connection);
				WireStream download = connection.openSilently();
				download.pauseReading();
				download.headers("GET", "/bytes/5000000", Map.of());
				download.finish();
			}
			server.awaitStarted(CLIENTS);
			assertThat(get(server.shutDown())).isEqualTo(GracefulShutdownResult.REQUESTS_ACTIVE);
			for (WireConnection connection : connections) {
				assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			}
			ShutdownVerdict verdict = server.verdict();
			assertThat(verdict.connections().atDeadline()).isEqualTo(CLIENTS);
			assertThat(verdict.requests().lost()).isEqualTo(CLIENTS);
			server.stop();
			assertThat(output.getOut()).doesNotContain("the event loop does not answer")
				.containsOnlyOnce("HTTP/3 shutdown incomplete");
		}
	}

	@Test
	void withoutAGracePeriodEachClientSeesItsAnswerAndTheClose() throws Exception {
		try (WireClient client = WireClient.create();
				TestServer server = TestServer.start("http3.server.shutdown.grace-period=0")) {
			List<WireConnection> connections = new ArrayList<>();
			List<WireStream> requests = new ArrayList<>();
			for (int number = 0; number < CLIENTS; number++) {
				WireConnection connection = get(client.connect(server.address()));
				connections.add(connection);
				requests.add(connection.get("/never"));
			}
			server.awaitStarted(CLIENTS);
			assertThat(get(server.shutDown())).isEqualTo(GracefulShutdownResult.REQUESTS_ACTIVE);
			for (int number = 0; number < CLIENTS; number++) {
				assertThat(get(requests.get(number).response()).status()).isEqualTo(503);
				assertThat(get(connections.get(number).closed())).isEqualTo(NO_ERROR);
			}
		}
	}

}
