package io.github.http3spring.netty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.http3spring.TestKeyStore;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.ConnectionClosedException;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * How much an address is sent whose owner does not show that he is there.
 */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class AmplificationIT {

	private static final Log logger = LogFactory.getLog(AmplificationIT.class);

	private static final CloseFrame REFUSED = new CloseFrame(false, 0x02, "");

	private static final int FACTOR = 3;

	private static final byte[] INITIAL = captureInitial();

	/**
	 * Time in which an unanswered handshake is repeated twice, and is then given up.
	 */
	private static final Duration HANDSHAKE_TIMEOUT = Duration.ofMillis(3500);

	private static final Duration SILENCE = Duration.ofMillis(500);

	@Test
	void clientThatNeverAnswersIsSentNoMoreThanThreeTimesItsPacket() throws Exception {
		try (TestServer server = TestServer.start(TestServer.Options::defaults,
				"http3.server.quic.handshake-timeout=" + HANDSHAKE_TIMEOUT); Victim victim = new Victim(server)) {
			byte[] initial = initial();
			victim.send(initial);
			await().atMost(HANDSHAKE_TIMEOUT.plusSeconds(4))
				.until(() -> server.server().getTotals().connections().handshakeFailures() == 1);
			List<Integer> answers = victim.answers();
			logger.info("Answers to an Initial packet of " + initial.length + " bytes: " + answers);
			assertThat(answers).isNotEmpty();
			assertThat(sum(answers)).isLessThanOrEqualTo(FACTOR * initial.length);
		}
	}

	@Test
	void initialInASmallDatagramIsNotAnswered() throws Exception {
		try (TestServer server = TestServer.start(TestServer.Options::defaults); Victim victim = new Victim(server)) {
			victim.send(Arrays.copyOf(initial(), 1199));
			assertThat(victim.answers()).isEmpty();
			assertThat(server.server().snapshot(0, 10).join().connections()).isEmpty();
			victim.send(initial());
			assertThat(victim.awaitAnswers()).isNotEmpty();
		}
	}

	@Test
	void versionsAreNegotiatedInLargeDatagramsOnly() throws Exception {
		try (TestServer server = TestServer.start(TestServer.Options::defaults); Victim victim = new Victim(server)) {
			byte[] initial = initial();
			// QUIC version 2, whose Initial packets have another type (RFC 9369)
			System.arraycopy(new byte[] { (byte) 0xd0, 0x6b, 0x33, 0x43, (byte) 0xcf }, 0, initial, 0, 5);
			victim.send(Arrays.copyOf(initial, 1199));
			assertThat(victim.answers()).isEmpty();
			victim.send(initial);
			// Header, connection ids, and two versions
			assertThat(victim.awaitAnswers()).containsExactly(5 + 1 + initial[5] + 1 + initial[6 + initial[5]] + 8);
		}
	}

	@Test
	void clientThatIsRefusedDuringAShutdownIsSentLessThanItsPacket() throws Exception {
		try (TestServer server = TestServer.start(TestServer.Options::defaults); Victim victim = new Victim(server)) {
			try (WireClient client = WireClient.create()) {
				get(client.connect(server.address())).get("/never");
				server.awaitStarted(1);
				server.shutDown();
				assertRefused(server, client);
				victim.send(initial());
				assertThat(victim.awaitAnswers()).hasSize(1).allMatch((length) -> length < 100);
			}
		}
	}

	@Test
	void clientThatIsRefusedForTheLimitIsSentLessThanItsPacket() throws Exception {
		try (TestServer server = TestServer.start("http3.server.max-connections=1");
				Victim victim = new Victim(server)) {
			try (WireClient client = WireClient.create()) {
				get(client.connect(server.address()));
				assertRefused(server, client);
				byte[] initial = initial();
				victim.send(initial);
				victim.send(initial);
				assertThat(victim.awaitAnswers()).hasSize(2).allMatch((length) -> length < 100);
				assertThat(server.server().getTotals().connections().refused()).isEqualTo(2);
			}
		}
	}

	private static void assertRefused(TestServer server, WireClient client) {
		assertThatThrownBy(() -> get(client.connect(server.address()))).cause()
			.isInstanceOfSatisfying(ConnectionClosedException.class,
					(ex) -> assertThat(ex.closeFrame()).isEqualTo(REFUSED));
	}

	@Test
	void certificateLongerThanTheLimitIsReceivedDespiteLoss() throws Exception {
		SslBundle bundle = largeBundle();
		try (TestServer server = TestServer.start((options) -> options.defaults().sslBundle(bundle));
				UdpProxy proxy = UdpProxy.to(server.address(), 3);
				WireClient client = WireClient.create();
				Victim victim = new Victim(server)) {
			victim.send(initial());
			assertThat(sum(victim.awaitAnswers())).isBetween(2 * 1200, FACTOR * 1200);
			WireConnection connection = get(client.connect(proxy.address()));
			assertThat(get(connection.get("/hello").response()).bodyAsString()).isEqualTo("hello");
			for (Direction direction : Direction.values()) {
				proxy.drop(direction, 0.1);
			}
			for (int number = 0; number < 10; number++) {
				get(client.connect(proxy.address()));
			}
			assertThat(proxy.dropped(Direction.TO_CLIENT)).isPositive();
		}
	}

	@Test
	void earlyDataOfAClientThatNeverAnswersIsAnsweredWithinTheLimit() throws Exception {
		WireOptions options = WireOptions.defaults().withServerName("localhost").withEarlyData(true);
		try (TestServer server = TestServer.start(TestServer.Options::defaults, "http3.server.ssl.early-data=true");
				UdpProxy proxy = UdpProxy.to(server.address());
				WireClient client = WireClient.create(options)) {
			WireConnection first = get(client.connect(proxy.address()));
			assertThat(get(first.get("/hello").response()).status()).isEqualTo(200);
			List<byte[]> flight;
			try (Victim sink = new Victim(server)) {
				proxy.retarget(sink.address());
				get(client.connect(proxy.address())).get("/whole/100000");
				sink.awaitDatagram();
				flight = sink.receive();
			}
			try (Victim victim = new Victim(server)) {
				int sent = 0;
				for (byte[] datagram : flight) {
					victim.send(datagram);
					sent += datagram.length;
				}
				List<Integer> answers = victim.awaitAnswers();
				logger.info("Answers to " + sent + " bytes with early data: " + answers);
				assertThat(server.started()).isEqualTo(2);
				assertThat(sum(answers)).isBetween(sent, FACTOR * sent);
			}
		}
	}

	/**
	 * Return a certificate of more than 6 KB, as long as a chain with large keys: the
	 * name stands in it twice.
	 */
	private static SslBundle largeBundle() {
		return SslBundle.of(SslStoreBundle.of(TestKeyStore.load("x".repeat(3000)), TestKeyStore.PASSWORD, null));
	}

	private static int sum(List<Integer> lengths) {
		return lengths.stream().mapToInt(Integer::intValue).sum();
	}

	/**
	 * Return the first datagram of a client, the same each time.
	 */
	static byte[] initial() {
		return INITIAL.clone();
	}

	/**
	 * It takes seconds to close a client that gets no answer.
	 */
	private static byte[] captureInitial() {
		WireOptions options = WireOptions.defaults().withMaxIdleTimeout(Duration.ofSeconds(1));
		try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
				WireClient client = WireClient.create(options)) {
			client.connect((InetSocketAddress) socket.getLocalSocketAddress());
			DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
			socket.receive(packet);
			return Arrays.copyOf(packet.getData(), packet.getLength());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Whose address somebody has forged.
	 */
	private static final class Victim implements AutoCloseable {

		private final TestServer server;

		private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());

		private final List<byte[]> received = new ArrayList<>();

		Victim(TestServer server) throws IOException {
			this.server = server;
			this.socket.setReceiveBufferSize(1 << 20);
			this.socket.setSoTimeout((int) SILENCE.toMillis());
		}

		/**
		 * Send what seems to come from here.
		 */
		void send(byte[] packet) throws IOException {
			this.socket.send(new DatagramPacket(packet, packet.length, this.server.address()));
		}

		InetSocketAddress address() {
			return (InetSocketAddress) this.socket.getLocalSocketAddress();
		}

		/**
		 * Wait for an answer, which a busy server may be long in giving, and return the
		 * length of each datagram that arrives until there is silence.
		 */
		List<Integer> awaitAnswers() throws IOException {
			awaitDatagram();
			return answers();
		}

		void awaitDatagram() throws IOException {
			this.socket.setSoTimeout(10_000);
			receiveNext();
			this.socket.setSoTimeout((int) SILENCE.toMillis());
		}

		/**
		 * Return the length of each datagram that arrives until there is silence.
		 */
		List<Integer> answers() throws IOException {
			return receive().stream().map((datagram) -> datagram.length).toList();
		}

		/**
		 * Return each datagram that arrives until there is silence.
		 */
		List<byte[]> receive() throws IOException {
			try {
				while (true) {
					receiveNext();
				}
			}
			catch (SocketTimeoutException ex) {
				List<byte[]> datagrams = List.copyOf(this.received);
				this.received.clear();
				return datagrams;
			}
		}

		private void receiveNext() throws IOException {
			DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
			this.socket.receive(packet);
			this.received.add(Arrays.copyOf(packet.getData(), packet.getLength()));
		}

		@Override
		public void close() {
			this.socket.close();
		}

	}

}
