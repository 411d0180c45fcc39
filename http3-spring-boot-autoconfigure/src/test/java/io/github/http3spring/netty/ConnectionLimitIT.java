package io.github.http3spring.netty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.shutdown.ConnectionPolicy;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections that are shut down while the server lives on.
 */
class ConnectionLimitIT {

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	@Test
	void clientThatHonoursGoAwayLosesNoRequestToTheMaximumAge() throws Exception {
		ConnectionPolicy policy = new ConnectionPolicy(Optional.of(Duration.ofMillis(400)), Duration.ofMillis(100),
				Duration.ofSeconds(5), 0);
		int connections = runUnderLoad(policy, Duration.ofSeconds(3));
		assertThat(connections).isGreaterThan(3);
	}

	@Test
	void clientThatHonoursGoAwayLosesNoRequestToTheMaximumOfRequests() throws Exception {
		ConnectionPolicy policy = new ConnectionPolicy(Optional.empty(), Duration.ZERO, Duration.ofSeconds(5), 50);
		int connections = runUnderLoad(policy, Duration.ofSeconds(3));
		assertThat(connections).isGreaterThan(3);
	}

	@Test
	void requestThatOutlivesTheGraceOfItsConnectionIsCutOff() throws Exception {
		ConnectionPolicy policy = new ConnectionPolicy(Optional.of(Duration.ofMillis(300)), Duration.ZERO,
				Duration.ofMillis(300), 0);
		try (WireClient client = WireClient.create();
				TestServer server = TestServer.start((options) -> options.connectionPolicy(policy))) {
			WireConnection connection = client.connect(server.address()).get(10, TimeUnit.SECONDS);
			WireStream never = connection.get("/never");
			assertThat(get(never.response()).status()).isEqualTo(503);
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(
					get(client.connect(server.address()).get(10, TimeUnit.SECONDS).get("/hello").response()).status())
				.isEqualTo(200);
		}
	}

	private static int runUnderLoad(ConnectionPolicy policy, Duration duration) throws Exception {
		List<WireConnection> connections = new ArrayList<>();
		List<WireStream> requests = new ArrayList<>();
		try (WireClient client = WireClient.create();
				TestServer server = TestServer.start((options) -> options.connectionPolicy(policy))) {
			long end = System.nanoTime() + duration.toNanos();
			WireConnection current = client.connect(server.address()).get(10, TimeUnit.SECONDS);
			connections.add(current);
			while (System.nanoTime() < end) {
				if (!current.goAwayIds().isEmpty()) {
					current = client.connect(server.address()).get(10, TimeUnit.SECONDS);
					connections.add(current);
				}
				WireStream request = current.get("/slow?millis=20");
				requests.add(request);
				if (requests.size() % 5 == 0) {
					get(request.response());
				}
			}
			for (WireStream request : requests) {
				assertThat(get(request.response()).status()).isEqualTo(200);
			}
			for (WireConnection connection : connections.subList(0, connections.size() - 1)) {
				assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			}
		}
		return connections.size();
	}

	private static <T> T get(CompletableFuture<T> future) throws Exception {
		return future.get(15, TimeUnit.SECONDS);
	}

}
