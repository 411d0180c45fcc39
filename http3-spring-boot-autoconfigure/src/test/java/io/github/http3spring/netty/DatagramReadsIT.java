package io.github.http3spring.netty;

import io.github.http3spring.netty.udp.DatagramReads;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DatagramReads} on the wire.
 */
class DatagramReadsIT {

	private static final int BYTES = 500_000;

	@ParameterizedTest
	@CsvSource({ "1200, 2048B", "8192, 8KB", "60000, 60000B" })
	void uploadArrivesInDatagramsAsLargeAsTheServerAccepts(int size, String accepted) throws Exception {
		WireOptions options = WireOptions.defaults().withMaxUdpPayload(size);
		try (TestServer server = TestServer.start("http3.server.quic.max-udp-payload-size=" + accepted);
				WireClient client = WireClient.create(options)) {
			WireConnection connection = get(client.connect(server.address()));
			WireResponse response = get(connection.post("/count", BYTES).response());
			assertThat(response.bodyAsString()).isEqualTo(String.valueOf(BYTES));
		}
	}

}
