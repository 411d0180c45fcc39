package io.github.http3spring.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.http3spring.wire.ProxiedDatagram.Fate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link UdpProxy}.
 */
@Timeout(60)
class UdpProxyTests {

	private static final Logger logger = LoggerFactory.getLogger(UdpProxyTests.class);

	private DatagramSocket server;

	private DatagramSocket client;

	@BeforeEach
	void open() throws Exception {
		this.server = socket();
		this.client = socket();
	}

	@AfterEach
	void close() {
		this.server.close();
		this.client.close();
	}

	@Test
	void datagramsAreForwardedBothWays() throws Exception {
		try (UdpProxy proxy = UdpProxy.to(address(this.server))) {
			send(this.client, proxy.address(), 7);
			DatagramPacket request = receive(this.server);
			assertThat(request.getData()[0]).isEqualTo((byte) 7);
			send(this.server, (InetSocketAddress) request.getSocketAddress(), 8);
			DatagramPacket reply = receive(this.client);
			assertThat(reply.getData()[0]).isEqualTo((byte) 8);
			assertThat(reply.getSocketAddress()).isEqualTo(proxy.address());
			assertThat(proxy.forwarded(Direction.TO_SERVER)).isOne();
			assertThat(proxy.forwarded(Direction.TO_CLIENT)).isOne();
		}
	}

	@Test
	void theSameSeedLosesTheSameDatagrams() throws Exception {
		List<Integer> first = survivors(1);
		assertThat(first).hasSizeBetween(20, 80);
		assertThat(survivors(1)).isEqualTo(first);
		assertThat(survivors(2)).isNotEqualTo(first);
	}

	@Test
	void theTraceTellsTheFateOfEachDatagramAndIsTheSameForTheSameSeed() throws Exception {
		List<List<ProxiedDatagram>> traces = new ArrayList<>();
		for (long seed : new long[] { 1, 1, 2 }) {
			try (UdpProxy proxy = UdpProxy.to(address(this.server), seed)) {
				proxy.drop(Direction.TO_SERVER, 0.3);
				proxy.reorder(Direction.TO_SERVER, 0.3);
				IntStream.range(0, 100).forEach((i) -> send(this.client, proxy.address(), i));
				await().until(() -> proxy.trace().size() == 100);
				List<Integer> received = receive(this.server, (int) proxy.forwarded(Direction.TO_SERVER));
				List<ProxiedDatagram> trace = proxy.trace();
				assertThat(trace).filteredOn((datagram) -> datagram.fate() != Fate.DROPPED)
					.extracting((datagram) -> (int) datagram.number())
					.containsExactlyElementsOf(received);
				assertThat(trace).allSatisfy((datagram) -> {
					assertThat(datagram.direction()).isEqualTo(Direction.TO_SERVER);
					assertThat(datagram.size()).isOne();
				}).extracting(ProxiedDatagram::nanos).isSorted();
				traces.add(trace.stream().sorted(Comparator.comparing(ProxiedDatagram::number)).toList());
			}
		}
		assertThat(traces.get(0)).extracting(ProxiedDatagram::fate)
			.contains(Fate.values())
			.isEqualTo(traces.get(1).stream().map(ProxiedDatagram::fate).toList())
			.isNotEqualTo(traces.get(2).stream().map(ProxiedDatagram::fate).toList());
	}

	@Test
	void eachDirectionHasItsOwnSettings() throws Exception {
		try (UdpProxy proxy = UdpProxy.to(address(this.server))) {
			proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(80), Duration.ZERO);
			proxy.drop(Direction.TO_CLIENT, 0.5);
			IntStream.range(0, 50).forEach((i) -> send(this.client, proxy.address(), i));
			DatagramPacket request = receive(this.server);
			assertThat(receive(this.server, 49)).isSorted().hasSize(49);
			assertThat(proxy.dropped(Direction.TO_SERVER)).isZero();
			long start = System.nanoTime();
			IntStream.range(0, 50).forEach((i) -> send(this.server, (InetSocketAddress) request.getSocketAddress(), i));
			receive(this.client);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(80));
			await().until(() -> proxy.forwarded(Direction.TO_CLIENT) + proxy.dropped(Direction.TO_CLIENT) == 50);
			assertThat(proxy.dropped(Direction.TO_CLIENT)).isBetween(10L, 40L);
		}
	}

	@Test
	void datagramsOnADelayedPathDoNotWaitForEachOther() throws Exception {
		int count = 20_000;
		try (UdpProxy proxy = UdpProxy.to(address(this.server))) {
			proxy.delay(Direction.TO_SERVER, Duration.ofMillis(20), Duration.ofMillis(10));
			this.server.setReceiveBufferSize(1 << 20);
			CompletableFuture<List<Integer>> received = CompletableFuture.supplyAsync(() -> receive(this.server, count),
					(task) -> new Thread(task, "receiver").start());
			long start = System.nanoTime();
			for (int sent = 0; sent < count; sent += 100) {
				long enough = sent - 300;
				// No more on the way than the sockets can hold
				await().pollDelay(Duration.ZERO)
					.pollInterval(Duration.ofMillis(1))
					.until(() -> proxy.forwarded(Direction.TO_SERVER) >= enough);
				IntStream.range(sent, sent + 100).forEach((i) -> send(this.client, proxy.address(), i));
			}
			await().until(() -> proxy.forwarded(Direction.TO_SERVER) == count);
			long rate = count * 1000L / Duration.ofNanos(System.nanoTime() - start).toMillis();
			logger.info("UDP proxy: {} datagrams a second", rate);
			// With a wait for each datagram of its own there would be 50
			assertThat(rate).isGreaterThan(500);
			assertThat(received.get(10, TimeUnit.SECONDS)).hasSize(count);
		}
	}

	@Test
	void aBlackholeSwallowsDelayedDatagramsToo() throws Exception {
		try (UdpProxy proxy = UdpProxy.to(address(this.server))) {
			proxy.delay(Direction.TO_SERVER, Duration.ofMillis(200), Duration.ZERO);
			send(this.client, proxy.address(), 1);
			proxy.dropAll(Direction.TO_SERVER);
			await().until(() -> proxy.dropped(Direction.TO_SERVER) == 1);
			proxy.pass(Direction.TO_SERVER);
			send(this.client, proxy.address(), 2);
			assertThat(receive(this.server).getData()[0]).isEqualTo((byte) 2);
		}
	}

	@Test
	void datagramsThatAreLargerThanThePathCarriesVanish() throws Exception {
		try (UdpProxy proxy = UdpProxy.to(address(this.server))) {
			proxy.delay(Direction.TO_SERVER, Duration.ofMillis(200), Duration.ZERO);
			send(1300, proxy.address());
			proxy.dropLarger(Direction.TO_SERVER, 1299);
			await().until(() -> proxy.dropped(Direction.TO_SERVER) == 1);
			send(1300, proxy.address());
			send(1299, proxy.address());
			assertThat(receive(this.server).getLength()).isEqualTo(1299);
			assertThat(proxy.dropped(Direction.TO_SERVER)).isEqualTo(2);
			proxy.pass(Direction.TO_SERVER);
			send(1300, proxy.address());
			assertThat(receive(this.server).getLength()).isEqualTo(1300);
		}
	}

	@Test
	void onlyTheNextDatagramsAreDropped() throws Exception {
		try (UdpProxy proxy = UdpProxy.to(address(this.server))) {
			proxy.dropNext(Direction.TO_SERVER, 2);
			IntStream.range(0, 4).forEach((i) -> send(this.client, proxy.address(), i));
			assertThat(receive(this.server).getData()[0]).isEqualTo((byte) 2);
			assertThat(receive(this.server).getData()[0]).isEqualTo((byte) 3);
		}
	}

	@Test
	void jitterDelaysButKeepsTheOrder() throws Exception {
		try (UdpProxy proxy = UdpProxy.to(address(this.server))) {
			proxy.delay(Direction.TO_SERVER, Duration.ofMillis(50), Duration.ofMillis(30));
			long start = System.nanoTime();
			IntStream.range(0, 50).forEach((i) -> send(this.client, proxy.address(), i));
			List<Integer> received = receive(this.server, 50);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(50));
			assertThat(received).isSorted().hasSize(50);
		}
	}

	@Test
	void reorderedDatagramsAreOvertakenAndNotLost() throws Exception {
		try (UdpProxy proxy = UdpProxy.to(address(this.server))) {
			proxy.reorder(Direction.TO_SERVER, 0.3);
			IntStream.range(0, 100).forEach((i) -> send(this.client, proxy.address(), i));
			List<Integer> received = receive(this.server, 100);
			assertThat(received).doesNotHaveDuplicates().hasSize(100);
			assertThat(received).isNotEqualTo(IntStream.range(0, 100).boxed().toList());
		}
	}

	@Test
	void rebindSendsFromAnotherPort() throws Exception {
		try (UdpProxy proxy = UdpProxy.to(address(this.server))) {
			send(this.client, proxy.address(), 1);
			int before = receive(this.server).getPort();
			proxy.rebind();
			send(this.client, proxy.address(), 2);
			DatagramPacket after = receive(this.server);
			assertThat(after.getPort()).isNotEqualTo(before);
			send(this.server, (InetSocketAddress) after.getSocketAddress(), 3);
			assertThat(receive(this.client).getData()[0]).isEqualTo((byte) 3);
		}
	}

	@Test
	void onlyNewClientsAreRetargeted() throws Exception {
		try (UdpProxy proxy = UdpProxy.to(address(this.server));
				DatagramSocket other = socket();
				DatagramSocket newClient = socket()) {
			send(this.client, proxy.address(), 1);
			receive(this.server);
			proxy.retarget(address(other));
			send(newClient, proxy.address(), 2);
			assertThat(receive(other).getData()[0]).isEqualTo((byte) 2);
			send(this.client, proxy.address(), 3);
			assertThat(receive(this.server).getData()[0]).isEqualTo((byte) 3);
			proxy.rebind();
			send(this.client, proxy.address(), 4);
			assertThat(receive(this.server).getData()[0]).isEqualTo((byte) 4);
		}
	}

	@Test
	void aResponseSurvivesLossDelayAndReordering() throws Exception {
		try (TestServer server = new TestServer();
				UdpProxy proxy = UdpProxy.to(server.address(), 42);
				WireClient client = WireClient.create()) {
			for (Direction direction : Direction.values()) {
				proxy.drop(direction, 0.05);
				proxy.delay(direction, Duration.ofMillis(2), Duration.ofMillis(2));
				proxy.reorder(direction, 0.02);
			}
			WireConnection connection = client.connect(proxy.address()).get(20, TimeUnit.SECONDS);
			WireStream stream = connection.get("/pattern/500000");
			// The codec of the server may forget what was lost until a datagram arrives
			// (netty-quic-codec-timer.md)
			await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofSeconds(1)).until(() -> {
				connection.get("/hello");
				return stream.response().isDone();
			});
			WireResponse response = stream.response().get();
			assertThat(response.bodyLength()).isEqualTo(500_000);
			assertThat(response.patternMatches()).isTrue();
			assertThat(proxy.dropped(Direction.TO_CLIENT)).isPositive();
		}
	}

	@Test
	void aConnectionSurvivesRebinding() throws Exception {
		try (TestServer server = new TestServer();
				UdpProxy proxy = UdpProxy.to(server.address());
				WireClient client = WireClient.create()) {
			WireConnection connection = client.connect(proxy.address()).get(10, TimeUnit.SECONDS);
			connection.get("/hello").response().get(10, TimeUnit.SECONDS);
			SocketAddress before = server.connections.get(0).remoteSocketAddress();
			// What the server may still have in flight is not lost (quiche would stall)
			proxy.rebind(Duration.ofSeconds(1));
			assertThat(connection.get("/hello").response().get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
			assertThat(server.connections.get(0).remoteSocketAddress()).isNotEqualTo(before);
			assertThat(connection.get("/pattern/500000").response().get(10, TimeUnit.SECONDS).patternMatches())
				.isTrue();
		}
	}

	@Test
	void delayedDatagramsAreReleasedOnClose() {
		UdpProxy proxy = UdpProxy.to(address(this.server));
		proxy.delay(Direction.TO_SERVER, Duration.ofHours(1), Duration.ZERO);
		IntStream.range(0, 100).forEach((i) -> send(this.client, proxy.address(), i));
		await().until(() -> proxy.pending(Direction.TO_SERVER) == 100);
		proxy.close();
		assertThat(proxy.pending(Direction.TO_SERVER)).isZero();
		assertThat(proxy.dropped(Direction.TO_SERVER)).isEqualTo(100);
	}

	private List<Integer> survivors(long seed) throws Exception {
		try (UdpProxy proxy = UdpProxy.to(address(this.server), seed)) {
			proxy.drop(Direction.TO_SERVER, 0.5);
			IntStream.range(0, 100).forEach((i) -> send(this.client, proxy.address(), i));
			await().until(() -> proxy.forwarded(Direction.TO_SERVER) + proxy.dropped(Direction.TO_SERVER) == 100);
			return receive(this.server, (int) proxy.forwarded(Direction.TO_SERVER));
		}
	}

	private static DatagramSocket socket() throws Exception {
		DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
		socket.setSoTimeout(5000);
		return socket;
	}

	private static InetSocketAddress address(DatagramSocket socket) {
		return (InetSocketAddress) socket.getLocalSocketAddress();
	}

	private static void send(DatagramSocket socket, InetSocketAddress to, int value) {
		try {
			socket.send(new DatagramPacket(new byte[] { (byte) value }, 1, to));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void send(int size, InetSocketAddress to) throws IOException {
		this.client.send(new DatagramPacket(new byte[size], size, to));
	}

	private static DatagramPacket receive(DatagramSocket socket) throws IOException {
		DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
		socket.receive(packet);
		return packet;
	}

	private static List<Integer> receive(DatagramSocket socket, int count) {
		List<Integer> values = new ArrayList<>();
		try {
			while (values.size() < count) {
				values.add((int) receive(socket).getData()[0]);
			}
		}
		catch (SocketTimeoutException ex) {
			// What is missing is for the assertion to tell.
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return values;
	}

}
