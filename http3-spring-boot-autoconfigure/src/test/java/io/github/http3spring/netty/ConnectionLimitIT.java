package io.github.http3spring.netty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.github.http3spring.shutdown.ConnectionPolicy;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.Test;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections that are shut down while the server lives on.
 */
class ConnectionLimitIT {

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final Duration PATIENCE = Duration.ofSeconds(15);

	@Test
	void clientThatHonoursGoAwayLosesNoRequestToTheMaximumAge() throws Exception {
		ConnectionPolicy policy = new ConnectionPolicy(Optional.of(Duration.ofMillis(400)), Duration.ofMillis(100),
				Duration.ofSeconds(5), 0);
		runUntilConnectionsAreReplaced(policy);
	}

	@Test
	void clientThatHonoursGoAwayLosesNoRequestToTheMaximumOfRequests() throws Exception {
		ConnectionPolicy policy = new ConnectionPolicy(Optional.empty(), Duration.ZERO, Duration.ofSeconds(5), 50);
		runUntilConnectionsAreReplaced(policy);
	}

	@Test
	void requestThatOutlivesTheGraceOfItsConnectionIsCutOff() throws Exception {
		ConnectionPolicy policy = new ConnectionPolicy(Optional.of(Duration.ofMillis(300)), Duration.ZERO,
				Duration.ofMillis(300), 0);
		try (WireClient client = WireClient.create();
				TestServer server = TestServer.start((options) -> options.connectionPolicy(policy))) {
			WireConnection connection = get(client.connect(server.address()));
			WireStream never = connection.get("/never");
			assertThat(get(never.response()).status()).isEqualTo(503);
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(get(get(client.connect(server.address())).get("/hello").response()).status()).isEqualTo(200);
		}
	}

	/**
	 * Send requests without a pause until the third connection has announced its end.
	 */
	private static void runUntilConnectionsAreReplaced(ConnectionPolicy policy) throws Exception {
		List<WireConnection> connections = new ArrayList<>();
		List<WireStream> requests = new ArrayList<>();
		try (WireClient client = WireClient.create();
				TestServer server = TestServer.start((options) -> options.connectionPolicy(policy))) {
			long end = System.nanoTime() + PATIENCE.toNanos();
			WireConnection current = get(client.connect(server.address()));
			connections.add(current);
			while (connections.size() <= 3 && System.nanoTime() < end) {
				if (!current.goAwayIds().isEmpty()) {
					current = get(client.connect(server.address()));
					connections.add(current);
				}
				WireStream request = current.get("/slow?millis=20");
				requests.add(request);
				if (requests.size() % 5 == 0) {
					get(request.response());
				}
			}
			assertThat(connections).hasSizeGreaterThan(3);
			for (WireStream request : requests) {
				assertThat(get(request.response()).status()).isEqualTo(200);
			}
			for (WireConnection connection : connections.subList(0, connections.size() - 1)) {
				assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			}
		}
	}

}
