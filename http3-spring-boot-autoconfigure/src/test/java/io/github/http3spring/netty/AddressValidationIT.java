package io.github.http3spring.netty;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

import io.github.http3spring.netty.QuicSettings.AddressValidation;
import io.github.http3spring.server.ConnectionSnapshot;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.ConnectionClosedException;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.UdpProxy.Direction;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

	@Test
	void connectionWhoseAddressIsValidatedIsServed() throws Exception {
		try (TestServer server = TestServer.start((options) -> options.addressValidation(AddressValidation.ALWAYS))) {
			assertThat(isRetried(server)).isTrue();
			assertServed(server);
		}
	}

	@Test
	void connectionIsRefusedAfterARetryDuringAShutdown() throws Exception {
		try (TestServer server = TestServer.start((options) -> options.addressValidation(AddressValidation.ALWAYS));
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
		try (TestServer server = TestServer.start((options) -> options.maxIdleTimeout(Duration.ofSeconds(4)));
				UdpProxy proxy = UdpProxy.to(server.address())) {
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

	private static long handshakes(TestServer server) {
		return server.server()
			.snapshot(0, 1000)
			.join()
			.connections()
			.stream()
			.filter((connection) -> connection.state() == ConnectionSnapshot.State.HANDSHAKE)
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
		byte[] packet = new byte[1200];
		// Initial of version 1 with connection ids of 8 bytes, without a token
		ByteBuffer.wrap(packet)
			.put((byte) 0xc0)
			.putInt(1)
			.put((byte) 8)
			.putLong(42)
			.put((byte) 8)
			.putLong(43)
			.put((byte) 0);
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

}
