package io.github.http3spring.netty;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.http3spring.netty.settings.QuicSettings.AddressValidation;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What clients of a server that has crashed hear from the next one.
 */
@Timeout(60)
class StatelessResetIT {

	private static final String KEY = "the same key before and after the crash";

	/**
	 * The id that the server gives itself, in the first packet that the client received.
	 */
	private static final Pattern SERVER_ID = Pattern.compile("packet_received.*?\"scid\":\"([0-9a-f]{24})\"");

	@TempDir
	private Path directory;

	@Test
	void packetOfAConnectionFromBeforeTheCrashIsAnsweredWithTheTokenThatTheClientKnows() throws Exception {
		Map<String, Object> connection;
		try (TestServer crashed = start(KEY)) {
			connection = QuicPeer.transportParameters(crashed.address().getPort(), this.directory.resolve("qlog"));
		}
		Matcher id = SERVER_ID.matcher(Files.readString(this.directory.resolve("qlog")));
		assertThat(id.find()).isTrue();
		try (TestServer server = start(KEY)) {
			byte[] reset = answer(server, HexFormat.of().parseHex(id.group(1)), 100);
			assertThat(reset).hasSize(42);
			assertThat(reset[0] & 0xc0).isEqualTo(0x40);
			assertThat(Arrays.copyOfRange(reset, 26, 42))
				.isEqualTo(HexFormat.of().parseHex((String) connection.get("stateless_reset_token")));
		}
	}

	@Test
	void nothingIsAnsweredWithoutAKey() throws Exception {
		try (TestServer server = TestServer.start(TestServer.Options::defaults);
				WireClient client = WireClient.create()) {
			assertThat(answer(server, new byte[20], 100)).isNull();
			WireConnection connection = client.connect(server.address()).get(10, TimeUnit.SECONDS);
			assertThat(connection.get("/hello").response().get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@EnumSource(AddressValidation.class)
	void connectionOfThisRunIsServed(AddressValidation validation) throws Exception {
		try (TestServer server = TestServer.start("http3.server.quic.stateless-reset-key=" + KEY,
				"http3.server.quic.address-validation=" + validation); WireClient client = WireClient.create()) {
			assertThat(client.connect(server.address())
				.thenCompose((connection) -> connection.get("/hello").response())
				.get(10, TimeUnit.SECONDS)
				.bodyAsString()).isEqualTo("hello");
		}
	}

	private static TestServer start(String key) {
		return TestServer.start(TestServer.Options::defaults, "http3.server.quic.stateless-reset-key=" + key);
	}

	/**
	 * Send a packet with a short header.
	 * @return the answer, {@code null} if there is none
	 */
	private static byte @Nullable [] answer(TestServer server, byte[] id, int length) throws IOException {
		byte[] packet = new byte[length];
		ByteBuffer.wrap(packet).put((byte) 0x40).put(id);
		try (DatagramSocket socket = new DatagramSocket()) {
			socket.setSoTimeout(500);
			socket.send(new DatagramPacket(packet, length, server.address()));
			DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
			socket.receive(answer);
			return Arrays.copyOf(answer.getData(), answer.getLength());
		}
		catch (SocketTimeoutException ex) {
			return null;
		}
	}

}
