package io.github.http3spring.netty;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.http3spring.netty.udp.UdpTransport;
import io.github.http3spring.netty.udp.WorkerRouter;
import io.github.http3spring.server.ConnectionSnapshot;
import io.github.http3spring.server.Http3ServerSnapshot;
import io.github.http3spring.server.Http3ServerState;
import io.github.http3spring.server.UdpPortInUseException;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireStream;
import io.netty.channel.Channel;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.web.server.GracefulShutdownResult;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * A server with several workers, each with a socket and an event loop of its own: one
 * server to its clients and to those who operate it.
 */
@Timeout(120)
class WorkersIT {

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final String TWO_WORKERS = "http3.server.workers=2";

	private static final int CLIENTS = 24;

	@AutoClose
	private final WireClient client = WireClient.create();

	@BeforeAll
	static void assumeThatPortsCanBeShared() {
		assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
	}

	@Test
	void kernelFindsTheWorkerOfAClientWhoseAddressChanges() throws Exception {
		List<Channel> sockets = new CopyOnWriteArrayList<>();
		try (TestServer server = TestServer.start((options) -> options.bound(sockets::add), TWO_WORKERS);
				UdpProxy proxy = UdpProxy.to(server.address())) {
			assumeThat(sockets).allMatch(UdpTransport::isEpoll);
			stopHandingOn(sockets);
			assertEachIsServedAfterAChangeOfAddress(server, proxy);
		}
	}

	@Test
	void workersHandPacketsOnWhereTheKernelDoesNot() throws Exception {
		List<Channel> sockets = new CopyOnWriteArrayList<>();
		try (TestServer server = TestServer.start((options) -> options.bound(sockets::add), TWO_WORKERS);
				UdpProxy proxy = UdpProxy.to(server.address())) {
			if (UdpTransport.isEpoll(sockets.get(0))) {
				KernelSteering.stop(sockets.get(0));
			}
			assertEachIsServedAfterAChangeOfAddress(server, proxy);
		}
	}

	@Test
	void clientsWithAnIdFromARetryPacketKeepTheirConnection() throws Exception {
		try (TestServer server = TestServer.start(TWO_WORKERS, "http3.server.quic.address-validation=always",
				"http3.server.quic.server-id=0a0b", "http3.server.quic.server-id-key=00112233445566778899aabbccddeeff");
				UdpProxy proxy = UdpProxy.to(server.address())) {
			assertEachIsServedAfterAChangeOfAddress(server, proxy);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void retryPacketOfOneWorkerIsGoodForAnother(boolean handedBack) throws Exception {
		List<Channel> sockets = new CopyOnWriteArrayList<>();
		try (TestServer server = TestServer.start((options) -> options.bound(sockets::add), TWO_WORKERS,
				"http3.server.quic.address-validation=always"); UdpProxy proxy = UdpProxy.to(server.address())) {
			steer(sockets, 0);
			if (!handedBack) {
				stopHandingOn(sockets);
			}
			proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(200), Duration.ZERO);
			CompletableFuture<WireConnection> connection = this.client.connect(proxy.address());
			await().pollInterval(Duration.ofMillis(5)).until(() -> proxy.pending(Direction.TO_CLIENT) > 0);
			steer(sockets, 1);
			proxy.pass(Direction.TO_CLIENT);
			WireConnections.requestEach(List.of(get(connection)));
			assertThat(workers(server).values()).containsExactly(handedBack ? 0 : 1);
		}
	}

	@Test
	void ticketOfOneWorkerIsGoodForAnotherUntilTheCertificateOfAllIsReloaded() throws Exception {
		List<Channel> sockets = new CopyOnWriteArrayList<>();
		try (TestServer server = TestServer.start((options) -> options.bound(sockets::add), TWO_WORKERS,
				"http3.server.ssl.early-data=true", "http3.server.quic.address-validation=never");
				UdpProxy proxy = UdpProxy.to(server.address());
				WireClient returning = WireClient
					.create(WireOptions.defaults().withServerName("localhost").withEarlyData(true))) {
			for (int first = 0; first < 2; first++) {
				steer(sockets, first);
				assertThat(earlyData(returning, proxy)).isEqualTo("Early-Data: null");
				steer(sockets, 1 - first);
				assertThat(earlyData(returning, proxy)).isEqualTo("Early-Data: 1");
				server.reload();
			}
			assertThat(workers(server).values()).containsExactlyInAnyOrder(0, 0, 1, 1);
		}
	}

	private static String earlyData(WireClient client, UdpProxy proxy) throws Exception {
		// So that the request is on its way before the server's first flight
		proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(100), Duration.ZERO);
		return get(
				client.connect(proxy.address()).thenCompose((connection) -> connection.get("/early-data").response()))
			.bodyAsString();
	}

	@Test
	void clientsOfAnAddressThatIsAskedForTheFirstTimeAreThoseOfAllWorkers() throws Exception {
		List<Channel> sockets = new CopyOnWriteArrayList<>();
		try (TestServer server = TestServer.start((options) -> options.anyAddress().bound(sockets::add), TWO_WORKERS)) {
			assumeThat(sockets).allMatch(UdpTransport::isEpoll);
			InetSocketAddress asked = new InetSocketAddress("127.0.0.2", server.address().getPort());
			ask(asked);
			for (Channel socket : sockets) {
				// The other worker has opened its socket
				socket.eventLoop().submit(() -> null).get();
			}
			try (UdpProxy proxy = UdpProxy.to(asked)) {
				assertEachIsServedAfterAChangeOfAddress(server, proxy);
			}
		}
	}

	/**
	 * Get an answer to a packet of another version.
	 */
	private static void ask(InetSocketAddress address) throws Exception {
		byte[] packet = ByteBuffer.allocate(1200).put((byte) 0xc0).putInt(0x1a2a3a4a).array();
		try (DatagramSocket socket = new DatagramSocket()) {
			socket.setSoTimeout(5000);
			socket.send(new DatagramPacket(packet, packet.length, address));
			socket.receive(new DatagramPacket(new byte[1500], 1500));
		}
	}

	@Test
	void clientsWhoseAddressChangesDuringAShutdownLoseNothing() throws Exception {
		try (TestServer server = TestServer.start(TWO_WORKERS, "http3.server.shutdown.goaway-delay=500ms");
				UdpProxy proxy = UdpProxy.to(server.address())) {
			List<WireConnection> connections = connect(proxy);
			List<WireStream> slow = connections.stream().map((each) -> each.get("/slow?millis=1000")).toList();
			server.awaitStarted(CLIENTS);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			for (WireConnection connection : connections) {
				get(connection.goAway(1));
			}
			proxy.rebind();
			WireConnections.requestEach(connections);
			for (WireStream stream : slow) {
				assertThat(get(stream.response()).bodyAsString()).isEqualTo("done");
			}
			for (WireConnection connection : connections) {
				assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
				assertThat(connection.goAwayIds()).hasSize(2).endsWith(8L);
			}
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
			server.stop();
			assertThat(server.verdict().connections().completed()).isEqualTo(CLIENTS);
			assertThat(server.verdict().requests().completed()).isEqualTo(2 * CLIENTS);
			assertThat(server.server().getTotals().shutdowns()).isOne();
			assertThat(server.server().getTotals().goAwaysSent()).isEqualTo(2 * CLIENTS);
		}
	}

	@Test
	void connectionsAreListedAsThoseOfOneServer() throws Exception {
		try (TestServer server = TestServer.start(TWO_WORKERS); UdpProxy proxy = UdpProxy.to(server.address())) {
			List<WireConnection> connections = connect(proxy);
			Http3ServerSnapshot snapshot = get(server.server().snapshot(0, CLIENTS));
			assertThat(snapshot.runtime().workers()).isEqualTo(2);
			assertThat(snapshot.connectionCount()).isEqualTo(CLIENTS);
			assertThat(snapshot.totals().connections().active()).isEqualTo(CLIENTS);
			assertThat(snapshot.connections()).hasSize(CLIENTS)
				.isSortedAccordingTo(Comparator.comparing(ConnectionSnapshot::age).reversed())
				.extracting(ConnectionSnapshot::worker)
				.contains(0, 1)
				.containsOnly(0, 1);
			List<ConnectionSnapshot> page = get(server.server().snapshot(5, 10)).connections();
			assertThat(page).extracting(ConnectionSnapshot::id)
				.isEqualTo(snapshot.connections().subList(5, 15).stream().map(ConnectionSnapshot::id).toList());
			String last = snapshot.connections().get(CLIENTS - 1).id();
			assertThat(get(server.server().snapshot(last)).map(ConnectionSnapshot::id)).contains(last);
			assertThat(get(server.server().shutDownConnection(last, null))).isTrue();
			assertThat(get(server.server().shutDownConnection("none", null))).isFalse();
			assertThat(get(server.server().shutDownConnections(null))).isEqualTo(CLIENTS - 1);
			for (WireConnection connection : connections) {
				assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			}
		}
	}

	@Test
	void limitOfConnectionsHoldsForAllWorkersTogether() throws Exception {
		try (TestServer server = TestServer.start(TWO_WORKERS, "http3.server.max-connections=5")) {
			List<CompletableFuture<WireConnection>> attempts = IntStream.range(0, CLIENTS)
				.mapToObj((number) -> this.client.connect(server.address()))
				.toList();
			await().atMost(Duration.ofSeconds(10)).until(() -> attempts.stream().allMatch(CompletableFuture::isDone));
			assertThat(attempts.stream().filter((attempt) -> !attempt.isCompletedExceptionally())).hasSize(5);
			assertThat(server.server().getTotals().connections().accepted()).isEqualTo(5);
			assertThat(server.server().getTotals().connections().refused()).isEqualTo(CLIENTS - 5);
		}
	}

	@Test
	void immediateStopClosesTheConnectionsOfAllWorkers() throws Exception {
		try (TestServer server = TestServer.start(TWO_WORKERS, "server.shutdown=immediate");
				UdpProxy proxy = UdpProxy.to(server.address())) {
			List<WireConnection> connections = connect(proxy);
			server.stop();
			for (WireConnection connection : connections) {
				assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			}
			assertThat(server.verdict().connections().completed()).isEqualTo(CLIENTS);
		}
	}

	@Test
	void everyWorkerAnswersForConnectionsOfAnEarlierRun() throws Exception {
		try (TestServer server = TestServer.start(TWO_WORKERS,
				"http3.server.quic.stateless-reset-key=a key that is long enough for a server")) {
			byte[] packet = ByteBuffer.allocate(100).put((byte) 0x40).array();
			for (int number = 0; number < CLIENTS; number++) {
				try (DatagramSocket socket = new DatagramSocket()) {
					socket.setSoTimeout(5000);
					socket.send(new DatagramPacket(packet, packet.length, server.address()));
					DatagramPacket reset = new DatagramPacket(new byte[1500], 1500);
					socket.receive(reset);
					assertThat(reset.getLength()).isEqualTo(42);
				}
			}
		}
	}

	@Test
	void workerThatIsBlockedHoldsNoOtherUp() throws Exception {
		try (TestServer server = TestServer.start(TWO_WORKERS, "http3.server.shutdown.grace-period=1s");
				UdpProxy proxy = UdpProxy.to(server.address())) {
			List<WireConnection> connections = connect(proxy);
			Map<Integer, List<WireConnection>> byWorker = byWorker(server, connections);
			byWorker.get(0).get(0).get("/block");
			server.awaitStarted(1);
			WireConnections.requestEach(byWorker.get(1));
			assertThatTheBlockedWorkerIsNamed(server, byWorker.get(1).size());
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			for (WireConnection connection : byWorker.get(1)) {
				assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
				assertThat(connection.goAwayIds()).endsWith(4L);
			}
			assertThat(result).isNotDone();
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.REQUESTS_ACTIVE);
			assertThat(server.verdict().connections().completed()).isEqualTo(byWorker.get(1).size());
			assertThat(server.verdict().connections().atDeadline()).isEqualTo(byWorker.get(0).size());
		}
	}

	private static void assertThatTheBlockedWorkerIsNamed(TestServer server, int others) throws Exception {
		Http3ServerSnapshot snapshot = get(server.server().snapshot(0, CLIENTS));
		assertThat(snapshot.blockedWorkers()).containsExactly(0);
		assertThat(snapshot.connectionCount()).isEqualTo(others);
		assertThat(snapshot.connections()).hasSize(others).extracting(ConnectionSnapshot::worker).containsOnly(1);
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(server.server().snapshot("unknown")))
			.withCauseInstanceOf(TimeoutException.class);
		assertThat(server.server().getState()).isEqualTo(Http3ServerState.RUNNING);
		assertThat(server.server().getTotals().connections().active()).isEqualTo(CLIENTS);
	}

	@Test
	void socketThatFailsTakesNoConnectionOfAnotherWorkerAlong() throws Exception {
		List<Channel> sockets = new CopyOnWriteArrayList<>();
		try (TestServer server = TestServer.start((options) -> options.bound(sockets::add), TWO_WORKERS,
				"http3.server.shutdown.grace-period=5s"); UdpProxy proxy = UdpProxy.to(server.address())) {
			List<WireConnection> connections = connect(proxy);
			Map<Integer, List<WireConnection>> byWorker = byWorker(server, connections);
			sockets.get(0).close().sync();
			assertThat(server.server().getState()).isEqualTo(Http3ServerState.STOPPED);
			WireConnections.requestEach(byWorker.get(1));
			proxy.rebind();
			WireConnections.requestEach(byWorker.get(1));
			Http3ServerSnapshot snapshot = get(server.server().snapshot(0, CLIENTS));
			assertThat(snapshot.connections()).extracting(ConnectionSnapshot::worker).containsOnly(1);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			for (WireConnection connection : byWorker.get(1)) {
				assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			}
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
			assertThat(server.verdict().connections().completed()).isEqualTo(byWorker.get(1).size());
		}
	}

	@Test
	void anotherServerFindsThePortTaken() {
		try (TestServer server = TestServer.start(TWO_WORKERS)) {
			String port = "http3.server.port=" + server.address().getPort();
			assertThatExceptionOfType(UdpPortInUseException.class)
				.isThrownBy(() -> TestServer.start(TWO_WORKERS, port));
			assertThat(server.server().getPort()).isEqualTo(server.address().getPort());
		}
	}

	@Test
	void socketThatCannotBeBoundLetsNoneBeBound() throws Exception {
		List<Channel> sockets = new CopyOnWriteArrayList<>();
		AtomicInteger attempts = new AtomicInteger();
		Runnable failing = () -> {
			if (attempts.incrementAndGet() == 2) {
				throw new IllegalStateException("no second socket");
			}
		};
		try (TestServer server = TestServer.create((options) -> options.bound(sockets::add).beforeBind(failing),
				TWO_WORKERS)) {
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> server.server().start())
				.withMessage("no second socket");
			assertThat(server.server().getPort()).isEqualTo(-1);
			assertThat(sockets).singleElement().matches((socket) -> !socket.isOpen());
			server.server().start();
			assertThat(server.server().getRuntime().workers()).isEqualTo(2);
			WireConnection connection = get(this.client.connect(server.address()));
			assertThat(get(connection.get("/hello").response()).status()).isEqualTo(200);
		}
	}

	private void assertEachIsServedAfterAChangeOfAddress(TestServer server, UdpProxy proxy) throws Exception {
		List<WireConnection> connections = connect(proxy);
		WireConnections.requestEach(connections);
		Map<String, Integer> before = workers(server);
		assertThat(before.values()).contains(0, 1);
		for (int change = 0; change < 3; change++) {
			proxy.rebind();
			WireConnections.requestEach(connections);
		}
		assertThat(workers(server)).isEqualTo(before);
		assertThat(get(server.server().snapshot(0, CLIENTS)).connections())
			.allMatch((connection) -> connection.migrations() > 0);
		assertThat(connections).allMatch((connection) -> !connection.closed().isDone());
	}

	private static Map<String, Integer> workers(TestServer server) throws Exception {
		return get(server.server().snapshot(0, CLIENTS)).connections()
			.stream()
			.collect(Collectors.toMap(ConnectionSnapshot::id, ConnectionSnapshot::worker));
	}

	/**
	 * Return the connections of each worker, which know each other by their order.
	 */
	private static Map<Integer, List<WireConnection>> byWorker(TestServer server, List<WireConnection> connections)
			throws Exception {
		List<ConnectionSnapshot> snapshots = get(server.server().snapshot(0, CLIENTS)).connections();
		Map<Integer, List<WireConnection>> byWorker = IntStream.range(0, CLIENTS)
			.boxed()
			.collect(Collectors.groupingBy((number) -> snapshots.get(number).worker(),
					Collectors.mapping(connections::get, Collectors.toList())));
		assertThat(byWorker).containsOnlyKeys(0, 1);
		return byWorker;
	}

	private static void stopHandingOn(List<Channel> sockets) throws Exception {
		for (Channel socket : sockets) {
			socket.eventLoop().submit(() -> socket.pipeline().remove(WorkerRouter.class)).get();
		}
	}

	/**
	 * Let one worker get all packets, as if the kernel did not know any better.
	 */
	private static void steer(List<Channel> sockets, int worker) {
		assumeThat(sockets).allMatch(UdpTransport::isEpoll);
		KernelSteering.toWorker(sockets.get(0), worker);
	}

	private List<WireConnection> connect(UdpProxy proxy) throws Exception {
		return WireConnections.open(this.client, proxy.address(), CLIENTS);
	}

}
