package io.github.http3spring.netty;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireStream;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several connections of a client to a {@link TestServer}.
 */
final class WireConnections {

	private WireConnections() {
	}

	/**
	 * Open connections, one after another.
	 */
	static List<WireConnection> open(WireClient client, InetSocketAddress server, int count) throws Exception {
		List<WireConnection> connections = new ArrayList<>();
		for (int number = 0; number < count; number++) {
			connections.add(get(client.connect(server)));
		}
		return connections;
	}

	/**
	 * Send a request on each connection at once, and expect each to be answered.
	 */
	static void requestEach(List<WireConnection> connections) throws Exception {
		List<WireStream> requests = connections.stream().map((connection) -> connection.get("/hello")).toList();
		for (WireStream request : requests) {
			assertThat(get(request.response()).status()).isEqualTo(200);
		}
	}

}
