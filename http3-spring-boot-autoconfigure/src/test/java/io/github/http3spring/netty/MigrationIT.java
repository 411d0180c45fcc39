package io.github.http3spring.netty;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import io.github.http3spring.server.ShutdownVerdict;
import io.github.http3spring.shutdown.ConnectionShutdown;
import io.github.http3spring.shutdown.ConnectionState;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.ConnectionClosedException;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.ProxiedDatagram;
import io.github.http3spring.wire.StreamResetException;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.web.server.GracefulShutdownResult;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients whose address changes before and during a shutdown: because a NAT lost its
 * binding, and because they migrate (RFC 9000 section 9).
 */
class MigrationIT {

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final long REQUEST_REJECTED = 0x10b;

	private static final int CONNECTIONS = 5;

	private static final String MIGRATING_CLIENT = "gtlsclient";

	@AutoClose
	private final WireClient client = WireClient.create();

	@Test
	void connectionsWhoseAddressChangedBeforeTheShutdownAreShutDown() throws Exception {
		try (TestServer server = TestServer.start(); UdpProxy proxy = UdpProxy.to(server.address())) {
			List<WireConnection> connections = connect(proxy);
			requestEach(connections);
			rebind(proxy);
			requestEach(connections);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			assertClosed(connections, 8);
			assertVerdict(server, result, 0);
		}
	}

	@Test
	void addressMayChangeBetweenTheGoAways() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.goaway-delay=500ms");
				UdpProxy proxy = UdpProxy.to(server.address())) {
			List<WireConnection> connections = connect(proxy);
			requestEach(connections);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			for (WireConnection connection : connections) {
				get(connection.goAway(1));
			}
			rebind(proxy);
			requestEach(connections);
			assertClosed(connections, 8);
			assertVerdict(server, result, CONNECTIONS);
		}
	}

	@Test
	void responseFindsAClientWhoseAddressChangedAfterTheFinalGoAway() throws Exception {
		try (TestServer server = TestServer.start(); UdpProxy proxy = UdpProxy.to(server.address())) {
			List<WireConnection> connections = connect(proxy);
			List<WireStream> slow = new ArrayList<>();
			connections.forEach((connection) -> slow.add(connection.get("/slow?millis=1500")));
			server.awaitStarted(CONNECTIONS);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			for (WireConnection connection : connections) {
				get(connection.goAway(2));
			}
			rebind(proxy);
			// Nobody learns of the new address before the client sends something
			for (WireConnection connection : connections) {
				assertRejected(connection.get("/hello"));
			}
			for (WireStream stream : slow) {
				assertThat(get(stream.response()).bodyAsString()).isEqualTo("done");
			}
			assertClosed(connections, 4);
			assertVerdict(server, result, CONNECTIONS);
			assertThat(server.verdict().requests().rejected()).isEqualTo(CONNECTIONS);
		}
	}

	@Test
	void uploadGoesOnFromAnotherAddressAfterTheFinalGoAway() throws Exception {
		try (TestServer server = TestServer.start(); UdpProxy proxy = UdpProxy.to(server.address())) {
			List<WireConnection> connections = connect(proxy);
			List<WireStream> uploads = new ArrayList<>();
			for (WireConnection connection : connections) {
				WireStream upload = connection.request("POST", "/count", Map.of());
				get(upload.writePattern(20_000));
				uploads.add(upload);
			}
			server.awaitStarted(CONNECTIONS);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			for (WireConnection connection : connections) {
				get(connection.goAway(2));
			}
			rebind(proxy);
			for (WireStream upload : uploads) {
				get(upload.writePattern(500_000));
			}
			// And once more, so that the end of the request, the response and the close
			// are the first on the new path
			rebind(proxy);
			for (WireStream upload : uploads) {
				get(upload.finish());
				assertThat(get(upload.response()).bodyAsString()).isEqualTo("520000");
			}
			assertClosed(connections, 4);
			assertVerdict(server, result, CONNECTIONS);
		}
	}

	@Test
	void downloadInFlightReachesAClientWhoseOldAddressStillWorksForAWhile() throws Exception {
		// Far from the end, however late the address changes
		WireOptions options = WireOptions.defaults().withWindows(4_000_000, 100_000);
		try (WireClient client = WireClient.create(options);
				TestServer server = TestServer.start();
				UdpProxy proxy = UdpProxy.to(server.address())) {
			proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(10), Duration.ZERO);
			WireConnection connection = get(client.connect(proxy.address()));
			WireStream download = connection.get("/bytes/4000000");
			get(download.headersReceived());
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			get(connection.goAway(2));
			assertThat(download.bytesReceived()).isLessThan(4_000_000);
			proxy.rebind(Duration.ofMillis(500));
			WireResponse response = get(download.response());
			assertThat(response.bodyLength()).isEqualTo(4_000_000);
			assertThat(response.patternMatches()).isTrue();
			assertClosed(List.of(connection), 4);
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
			assertThat(server.verdict().connections().completed()).isOne();
		}
	}

	@Test
	void closeThatWentToTheOldAddressIsRepeatedToTheNewOne() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.goaway-delay=1s");
				UdpProxy proxy = UdpProxy.to(server.address())) {
			// For a closing period that is long enough
			proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(50), Duration.ZERO);
			WireConnection connection = get(this.client.connect(proxy.address()));
			assertThat(get(connection.get("/hello").response()).status()).isEqualTo(200);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			get(connection.goAway(1));
			rebind(proxy);
			// The final GOAWAY is not acknowledged, and given up
			await().atMost(Duration.ofSeconds(10))
				.pollInterval(Duration.ofMillis(20))
				.until(() -> state(server) == ConnectionState.CLOSING);
			assertThat(connection.goAwayIds()).containsExactly(ConnectionShutdown.MAX_REQUEST_STREAM_ID);
			assertThat(connection.closed()).isNotDone();
			WireStream late = connection.get("/hello");
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(late.response()))
				.havingCause()
				.isInstanceOf(ConnectionClosedException.class);
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
			assertThat(server.started()).isOne();
			assertThat(server.verdict().connections().completed()).isOne();
		}
	}

	@Test
	void clientThatMigratedBeforeTheShutdownGetsItsResponseAndTheClose(@TempDir Path directory) throws Exception {
		assertMigratingClientIsServed(directory, 500, "--change-local-addr=100ms", "--delay-stream=200ms");
	}

	@Test
	void clientThatMigratesWhileItsRequestIsOpenGetsItsResponseAndTheClose(@TempDir Path directory) throws Exception {
		assertMigratingClientIsServed(directory, 1500, "--change-local-addr=500ms");
	}

	@Test
	void clientThatMigratesBetweenTheGoAwaysGetsItsResponseAndTheClose(@TempDir Path directory) throws Exception {
		assertMigratingClientIsServed(directory, 1500, List.of("http3.server.shutdown.goaway-delay=1s"),
				"--change-local-addr=300ms");
	}

	@Test
	void clientThatDoesNotKnowOfItsNewAddressGetsItsResponseAndTheClose(@TempDir Path directory) throws Exception {
		// The request is the first that it sends from there
		assertMigratingClientIsServed(directory, 500, "--change-local-addr=100ms", "--nat-rebinding",
				"--delay-stream=200ms");
	}

	@Test
	void latePacketsWithARetiredConnectionIdHarmNobody(@TempDir Path directory) throws Exception {
		assumeThat(isInstalled() || System.getenv("CI") != null).isTrue();
		try (TestServer server = TestServer.start(); UdpProxy proxy = UdpProxy.to(server.address())) {
			String log = LatePacketClient.run(proxy, () -> server.started() == 2,
					() -> get(server.server().snapshot(0, 1)).connections()
						.stream()
						.anyMatch((connection) -> connection.migrations() > 0),
					directory.resolve("output"));
			assertThat(log).contains("RETIRE_CONNECTION_ID").containsPattern(LatePacketClient.COMPLETE);
			assertThat(proxy.trace()).anyMatch((datagram) -> datagram.fate() == ProxiedDatagram.Fate.REORDERED);
		}
	}

	/**
	 * Shut the server down while a request of the other client is open. If assertions are
	 * enabled, Netty's codec logs one of its own when the client retires its old
	 * connection id, because quiche tells a wrong one (quiche issue 2509).
	 */
	private static void assertMigratingClientIsServed(Path directory, int millis, String... options) throws Exception {
		assertMigratingClientIsServed(directory, millis, List.of(), options);
	}

	private static void assertMigratingClientIsServed(Path directory, int millis, List<String> properties,
			String... options) throws Exception {
		assumeThat(isInstalled() || System.getenv("CI") != null).isTrue();
		File output = directory.resolve("output").toFile();
		try (TestServer server = TestServer.start(properties.toArray(String[]::new))) {
			List<String> command = new ArrayList<>(List.of(MIGRATING_CLIENT, "--no-quic-dump"));
			command.addAll(List.of(options));
			command.addAll(List.of("127.0.0.1", String.valueOf(server.address().getPort()),
					"https://localhost/slow?millis=" + millis));
			Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
			try {
				server.awaitStarted(1);
				CompletableFuture<GracefulShutdownResult> result = server.shutDown();
				assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
				assertThat(process.exitValue()).isZero();
				assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
			}
			finally {
				process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
			}
			String log = Files.readString(output.toPath());
			assertThat(log).contains("Changing local address", "[:status: 200]", "body 4 bytes", "PATH_CHALLENGE")
				.containsPattern(Pattern.compile("frm rx .*CONNECTION_CLOSE\\(0x1d\\).*0x100"));
			ShutdownVerdict verdict = server.verdict();
			assertThat(verdict.connections().completed()).isOne();
			assertThat(verdict.requests().completed()).isOne();
			assertThat(verdict.requests().cancelled()).isZero();
		}
	}

	private static boolean isInstalled() {
		for (String directory : System.getenv("PATH").split(File.pathSeparator)) {
			if (Files.isExecutable(Path.of(directory, MIGRATING_CLIENT))) {
				return true;
			}
		}
		return false;
	}

	private List<WireConnection> connect(UdpProxy proxy) throws Exception {
		return WireConnections.open(this.client, proxy.address(), CONNECTIONS);
	}

	private static void requestEach(List<WireConnection> connections) throws Exception {
		for (WireConnection connection : connections) {
			assertThat(get(connection.get("/hello").response()).bodyAsString()).isEqualTo("hello");
		}
		awaitQuiet(Duration.ofMillis(100));
	}

	private static void assertRejected(WireStream stream) {
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(stream.response()))
			.havingCause()
			.isInstanceOfSatisfying(StreamResetException.class,
					(ex) -> assertThat(ex.code()).isEqualTo(REQUEST_REJECTED));
	}

	private static void assertClosed(List<WireConnection> connections, long goAwayId) throws Exception {
		for (WireConnection connection : connections) {
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(connection.goAwayIds()).containsExactly(ConnectionShutdown.MAX_REQUEST_STREAM_ID, goAwayId);
		}
	}

	private static void assertVerdict(TestServer server, CompletableFuture<GracefulShutdownResult> result, int requests)
			throws Exception {
		assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
		ShutdownVerdict verdict = server.verdict();
		assertThat(verdict.connections().completed()).isEqualTo(CONNECTIONS);
		assertThat(verdict.connections().atDeadline()).isZero();
		assertThat(verdict.connections().closedByPeer()).isZero();
		assertThat(verdict.connections().timedOut()).isZero();
		assertThat(verdict.requests().completed()).isEqualTo(requests);
		assertThat(verdict.requests().cancelled()).isZero();
	}

	/**
	 * Give the clients new addresses when nothing is on its way: quiche does not send
	 * again to the new one what was lost with the old one.
	 */
	private static void rebind(UdpProxy proxy) {
		awaitQuiet(Duration.ofMillis(50));
		proxy.rebind();
	}

	/**
	 * Let time pass in which everything that was received is acknowledged.
	 */
	private static ConnectionState state(TestServer server) throws Exception {
		return get(server.server().snapshot(0, 1)).connections().get(0).state();
	}

	private static void awaitQuiet(Duration duration) {
		await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).during(duration).until(() -> true);
	}

}
