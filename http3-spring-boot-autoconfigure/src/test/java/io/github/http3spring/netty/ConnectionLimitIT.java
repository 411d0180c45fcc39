package io.github.http3spring.netty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.Http3Frames;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.Test;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Connections that are shut down while the server lives on.
 */
class ConnectionLimitIT {

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final Duration PATIENCE = Duration.ofSeconds(15);

	@Test
	void clientThatHonoursGoAwayLosesNoRequestToTheMaximumAge() throws Exception {
		runUntilConnectionsAreReplaced("http3.server.connection.max-age=400ms",
				"http3.server.connection.max-age-jitter=100ms", "http3.server.connection.max-age-grace=5s");
	}

	@Test
	void clientThatHonoursGoAwayLosesNoRequestToTheMaximumOfRequests() throws Exception {
		runUntilConnectionsAreReplaced("http3.server.connection.max-requests=50",
				"http3.server.connection.max-age-grace=5s");
	}

	@Test
	void requestThatOutlivesTheGraceOfItsConnectionIsCutOff() throws Exception {
		try (WireClient client = WireClient.create();
				TestServer server = TestServer.start("http3.server.connection.max-age=300ms",
						"http3.server.connection.max-age-jitter=0", "http3.server.connection.max-age-grace=300ms")) {
			WireConnection connection = get(client.connect(server.address()));
			WireStream never = connection.get("/never");
			assertThat(get(never.response()).status()).isEqualTo(503);
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(get(get(client.connect(server.address())).get("/hello").response()).status()).isEqualTo(200);
		}
	}

	@Test
	void clientThatSendsAnythingButRequestsLosesItsConnectionWhenItsTimeIsOver() throws Exception {
		byte[] reserved = Http3Frames.frame(0x21, new byte[0]);
		try (WireClient client = WireClient.create();
				TestServer server = TestServer.start("http3.server.connection.keep-alive-timeout=400ms")) {
			WireConnection busy = get(client.connect(server.address()));
			WireStream slow = busy.get("/slow?millis=1500");
			WireConnection idle = get(client.connect(server.address()));
			assertThat(get(idle.get("/hello").response()).status()).isEqualTo(200);
			await().pollInterval(Duration.ofMillis(50)).until(() -> {
				idle.controlStream().raw(reserved);
				return idle.closed().isDone();
			});
			assertThat(get(idle.closed())).isEqualTo(NO_ERROR);
			assertThat(idle.goAwayIds()).last().isEqualTo(4L);
			assertThat(get(slow.response()).status()).as("open for longer").isEqualTo(200);
			assertThat(get(busy.closed())).isEqualTo(NO_ERROR);
		}
	}

	/**
	 * Send requests without a pause until the third connection has announced its end.
	 */
	private static void runUntilConnectionsAreReplaced(String... properties) throws Exception {
		List<WireConnection> connections = new ArrayList<>();
		List<WireStream> requests = new ArrayList<>();
		try (WireClient client = WireClient.create(); TestServer server = TestServer.start(properties)) {
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
