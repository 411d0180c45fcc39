package io.github.http3spring.netty;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

import io.github.http3spring.netty.settings.QuicSettings.AddressValidation;
import io.github.http3spring.netty.udp.AddressValidator;
import io.github.http3spring.shutdown.ConnectionState;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.ConnectionClosedException;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Who has to prove that he owns his address, and what comes of it.
 */
@Timeout(60)
class AddressValidationIT {

	private static final CloseFrame REFUSED = new CloseFrame(false, 0x02, "");

	private static final int CLIENT_ID_LENGTH = 8;

	@Test
	void connectionWhoseAddressIsValidatedIsServed() throws Exception {
		try (TestServer server = TestServer.start("http3.server.quic.address-validation=always")) {
			assertThat(isRetried(server)).isTrue();
			assertServed(server);
		}
	}

	@Test
	void connectionIsRefusedAfterARetryDuringAShutdown() throws Exception {
		try (TestServer server = TestServer.start("http3.server.quic.address-validation=always");
				WireClient client = WireClient.create()) {
			get(client.connect(server.address())).get("/never");
			server.awaitStarted(1);
			server.shutDown();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(client.connect(server.address())))
				.havingCause()
				.isInstanceOfSatisfying(ConnectionClosedException.class,
						(ex) -> assertThat(ex.closeFrame()).isEqualTo(REFUSED));
		}
	}

	@Test
	void addressesAreValidatedWhileTooManyHandshakesAreUnderWay() throws Exception {
		int limit = AddressValidator.MAX_PENDING_HANDSHAKES;
		try (TestServer server = TestServer.start(TestServer.Options::defaults,
				"http3.server.quic.max-idle-timeout=4s"); UdpProxy proxy = UdpProxy.to(server.address())) {
			assertThat(isRetried(server)).isFalse();
			proxy.dropAll(Direction.TO_CLIENT);
			try (WireClient flood = WireClient.create()) {
				for (int number = 0; number < limit + 50; number++) {
					flood.connect(proxy.address());
				}
				await().until(() -> handshakes(server) == limit);
				assertThat(isRetried(server)).isTrue();
				assertServed(server);
				assertThat(handshakes(server)).isEqualTo(limit);
			}
			await().atMost(Duration.ofSeconds(20)).until(() -> handshakes(server) == 0);
			assertThat(isRetried(server)).isFalse();
		}
	}

	@ParameterizedTest
	@EnumSource(AddressValidation.class)
	void clientWithATokenOfAnotherServerIsAskedForOneOfOurs(AddressValidation mode) throws Exception {
		try (TestServer server = TestServer.start("http3.server.quic.address-validation=" + mode);
				DatagramSocket socket = new DatagramSocket()) {
			socket.setSoTimeout(5000);
			ByteBuffer retry = exchange(server, socket, header(new byte[8], "of another server".getBytes()));
			assertThat(retry.get(0) & 0xf0).isEqualTo(0xf0);
			// After first byte, version, and the client's connection id
			retry.position(1 + 4 + 1 + CLIENT_ID_LENGTH);
			byte[] connectionId = new byte[retry.get()];
			retry.get(connectionId);
			byte[] token = new byte[retry.remaining() - 16];
			retry.get(token);
			// Of another server of ours, or from before its start
			token[5] ^= 1;
			ByteBuffer close = exchange(server, socket, header(connectionId, token));
			assertThat(close.get(0) & 0xf0).isEqualTo(0xc0);
			assertThat(close.remaining()).isLessThan(100);
		}
	}

	private static ByteBuffer exchange(TestServer server, DatagramSocket socket, byte[] packet) throws IOException {
		send(server, socket, packet);
		DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
		socket.receive(answer);
		return ByteBuffer.wrap(answer.getData(), 0, answer.getLength());
	}

	private static void send(TestServer server, DatagramSocket socket, byte[] packet) throws IOException {
		socket.send(new DatagramPacket(packet, packet.length, server.address()));
	}

	private static long handshakes(TestServer server) {
		return server.server()
			.snapshot(0, 1000)
			.join()
			.connections()
			.stream()
			.filter((connection) -> connection.state() == ConnectionState.HANDSHAKE)
			.count();
	}

	private static void assertServed(TestServer server) throws Exception {
		try (WireClient client = WireClient.create()) {
			WireConnection connection = get(client.connect(server.address()));
			assertThat(get(connection.get("/hello").response()).bodyAsString()).isEqualTo("hello");
		}
	}

	/**
	 * Return whether the server answers a first packet with Retry. Without one it drops
	 * this packet, of which no more than the header is valid.
	 */
	private static boolean isRetried(TestServer server) throws IOException {
		byte[] packet = header(new byte[8], new byte[0]);
		try (DatagramSocket socket = new DatagramSocket()) {
			socket.setSoTimeout(500);
			socket.send(new DatagramPacket(packet, packet.length, server.address()));
			DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
			socket.receive(answer);
			return (answer.getData()[0] & 0xf0) == 0xf0;
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
	}

	/**
	 * Return the header of an Initial packet of version 1, in a packet that is not valid.
	 */
	private static byte[] header(byte[] connectionId, byte[] token) {
		byte[] packet = new byte[1200];
		ByteBuffer.wrap(packet)
			.put((byte) 0xc0)
			.putInt(1)
			.put((byte) connectionId.length)
			.put(connectionId)
			.put((byte) CLIENT_ID_LENGTH)
			.put(new byte[CLIENT_ID_LENGTH])
			.putShort((short) (0x4000 | token.length))
			.put(token);
		return packet;
	}

}
