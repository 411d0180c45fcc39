package io.github.http3spring.netty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.server.ConnectionSample;
import io.github.http3spring.server.ConnectionSnapshot;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ServerSnapshot;
import io.github.http3spring.server.Http3ServerState;
import io.github.http3spring.server.Http3ServerTotals;
import io.github.http3spring.server.OpenRequestSnapshot;
import io.github.http3spring.shutdown.ConnectionState;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * What a snapshot shows of connections and requests, and shutdowns of connections by an
 * operator.
 */
class Http3ServerSnapshotIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	@AutoClose
	private final WireClient client = WireClient.create();

	@Test
	void negativeLimitIsRefused() {
		try (TestServer server = TestServer.start()) {
			assertThatIllegalArgumentException().isThrownBy(() -> server.server().snapshot(0, -1));
			assertThatIllegalArgumentException().isThrownBy(() -> server.server().snapshot(-1, 1));
		}
	}

	@Test
	void unknownConnectionIsNotFound() throws Exception {
		try (TestServer server = TestServer.start()) {
			get(connect(server).get("/hello").response());
			assertThat(get(server.server().snapshot(0, 10)).connections()).hasSize(1);
			assertThat(get(server.server().snapshot("unknown"))).isEmpty();
			assertThat(get(server.server().shutDownConnection("unknown", null))).isFalse();
		}
	}

	@Test
	void stoppedServerHasNoConnections() throws Exception {
		Http3Server server;
		try (TestServer testServer = TestServer.start()) {
			server = testServer.server();
			get(connect(testServer).get("/hello").response());
		}
		Http3ServerSnapshot snapshot = get(server.snapshot(0, 10));
		assertThat(snapshot.state()).isEqualTo(Http3ServerState.STOPPED);
		assertThat(snapshot.port()).isEqualTo(-1);
		assertThat(snapshot.connections()).isEmpty();
		assertThat(snapshot.lastShutdown()).isNotNull();
		assertThat(snapshot.totals().requests().completed()).isOne();
		assertThat(snapshot.totals().shutdowns()).isOne();
		assertThat(get(server.shutDownConnections(null))).isZero();
	}

	@Test
	void snapshotShowsConnectionsAndTheirRequests() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			get(connection.get("/hello").response());
			connection.get("/never?token=secret");
			server.awaitStarted(2);
			Http3ServerSnapshot snapshot = get(server.server().snapshot(0, 10));
			assertThat(snapshot.state()).isEqualTo(Http3ServerState.RUNNING);
			assertThat(snapshot.port()).isEqualTo(server.address().getPort());
			assertThat(snapshot.runtime().quicAvailable()).isTrue();
			assertThat(snapshot.runtime().quicheVersion()).matches("\\d+\\.\\d+.*");
			assertThat(snapshot.runtime().transport()).isIn("epoll", "nio");
			assertThat(snapshot.runtime().workers()).isPositive();
			assertThat(snapshot.connectionCount()).isOne();
			assertThat(snapshot.lastShutdown()).isNull();
			ConnectionSnapshot shown = snapshot.connections().get(0);
			assertThat(shown.state()).isEqualTo(ConnectionState.OPEN);
			assertThat(shown.peer()).isEqualTo(connection.localAddress());
			assertThat(shown.age()).isPositive().isLessThan(TIMEOUT);
			assertThat(shown.roundTripTime()).isPositive().isLessThan(TIMEOUT);
			assertThat(shown.bytesSent()).isPositive();
			assertThat(shown.bytesReceived()).isPositive();
			assertThat(shown.packetsLost()).isZero();
			assertThat(shown.migrations()).isZero();
			assertThat(shown.goAwayIds()).isEmpty();
			assertThat(shown.openRequestCount()).isOne();
			OpenRequestSnapshot request = shown.openRequests().get(0);
			assertThat(request.method()).isEqualTo("GET");
			assertThat(request.path()).isEqualTo("/never");
			assertThat(request.age()).isPositive().isLessThan(TIMEOUT);
			assertThat(get(server.server().snapshot(shown.id())).map(ConnectionSnapshot::id)).contains(shown.id());
			Http3ServerTotals totals = snapshot.totals();
			assertThat(totals.connections().accepted()).isOne();
			assertThat(totals.connections().active()).isOne();
			assertThat(totals.requests().accepted()).isEqualTo(2);
			assertThat(totals.requests().completed()).isOne();
			assertThat(totals.requests().active()).isOne();
		}
	}

	@Test
	void migrationsAreCounted() throws Exception {
		try (TestServer server = TestServer.start(); UdpProxy proxy = UdpProxy.to(server.address())) {
			WireConnection connection = get(this.client.connect(proxy.address()));
			get(connection.get("/hello").response());
			proxy.rebind();
			get(connection.get("/hello").response());
			await().atMost(TIMEOUT)
				.untilAsserted(() -> assertThat(get(server.server().snapshot(0, 1)).connections().get(0).migrations())
					.isOne());
		}
	}

	@Test
	void connectionsArePaged() throws Exception {
		try (TestServer server = TestServer.start()) {
			for (int count = 0; count < 120; count++) {
				connect(server);
			}
			List<String> ids = new ArrayList<>();
			for (int offset = 0; offset < 130; offset += 60) {
				Http3ServerSnapshot page = get(server.server().snapshot(offset, 60));
				assertThat(page.connectionCount()).isEqualTo(120);
				page.connections().forEach((connection) -> ids.add(connection.id()));
			}
			assertThat(ids).hasSize(120).doesNotHaveDuplicates();
			assertThat(get(server.server().snapshot(1000, Integer.MAX_VALUE)).connections()).isEmpty();
		}
	}

	@Test
	void oneConnectionIsShutDownAndTheOthersLiveOn() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection first = connect(server);
			WireStream slow = first.get("/slow?millis=2000");
			WireConnection second = connect(server);
			server.awaitStarted(1);
			String id = get(server.server().snapshot(0, 1)).connections().get(0).id();
			assertThat(get(server.server().shutDownConnection(id, Duration.ofMinutes(1)))).isTrue();
			get(first.goAway(2));
			ConnectionSnapshot shown = get(server.server().snapshot(id)).orElseThrow();
			assertThat(shown.state()).isEqualTo(ConnectionState.COMPLETING);
			assertThat(shown.goAwayIds()).containsExactly((1L << 62) - 4, 4L);
			assertThat(get(slow.response()).status()).isEqualTo(200);
			assertThat(get(first.closed())).isEqualTo(NO_ERROR);
			assertThat(get(second.get("/hello").response()).status()).isEqualTo(200);
			await().atMost(TIMEOUT)
				.untilAsserted(() -> assertThat(server.server().getTotals().connections().completed()).isOne());
			assertThat(server.server().getState()).isEqualTo(Http3ServerState.RUNNING);
			assertThat(server.server().getTotals().goAwaysSent()).isEqualTo(2);
		}
	}

	@Test
	void laterRequestBringsTheDeadlineForward() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			WireStream never = connection.get("/never");
			server.awaitStarted(1);
			assertThat(get(server.server().shutDownConnections(Duration.ofHours(1)))).isOne();
			get(connection.goAway(2));
			assertThat(get(server.server().shutDownConnections(Duration.ZERO))).isZero();
			assertThat(get(never.response()).status()).isEqualTo(503);
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			await().atMost(TIMEOUT)
				.untilAsserted(() -> assertThat(server.server().getTotals().connections().atDeadline()).isOne());
			Http3ServerTotals totals = server.server().getTotals();
			assertThat(totals.requests().cancelled()).isOne();
			assertThat(totals.requests().active()).isZero();
			assertThat(totals.connections().active()).isZero();
		}
	}

	@Test
	void allConnectionsAreShutDownAndNewOnesAreAccepted() throws Exception {
		try (TestServer server = TestServer.start()) {
			List<WireConnection> connections = new ArrayList<>();
			for (int count = 0; count < 70; count++) {
				connections.add(connect(server));
			}
			assertThat(get(server.server().shutDownConnections(null))).isEqualTo(70);
			for (WireConnection connection : connections) {
				assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			}
			assertThat(get(connect(server).get("/hello").response()).status()).isEqualTo(200);
		}
	}

	@Test
	void totalsCountWhatAShutdownDoes() throws Exception {
		Http3Server server;
		try (TestServer testServer = TestServer.start("http3.server.shutdown.goaway-delay=100ms")) {
			server = testServer.server();
			WireConnection connection = connect(testServer);
			WireStream slow = connection.get("/slow?millis=1500");
			testServer.awaitStarted(1);
			testServer.shutDown();
			get(connection.goAway(2));
			connection.get("/hello").response().exceptionally((ex) -> null).get(10, TimeUnit.SECONDS);
			this.client.connect(testServer.address()).exceptionally((ex) -> null).get(10, TimeUnit.SECONDS);
			assertThat(get(slow.response()).status()).isEqualTo(200);
			await().atMost(TIMEOUT).until(() -> testServer.server().getShutdownVerdict().isPresent());
		}
		Http3ServerTotals totals = server.getTotals();
		assertThat(totals.requests().rejected()).isOne();
		assertThat(totals.requests().completed()).isOne();
		assertThat(totals.connections().completed()).isOne();
		assertThat(totals.connections().refused()).isPositive();
		assertThat(totals.connections().active()).isZero();
		assertThat(totals.shutdowns()).isOne();
		assertThat(totals.shutdownTime()).isBetween(Duration.ofMillis(300), TIMEOUT);
	}

	@Test
	void samplesOfConnectionsAddUpToWhatTheyHaveDone() throws Exception {
		Queue<ConnectionSample> samples = new ConcurrentLinkedQueue<>();
		ConnectionSnapshot last;
		try (TestServer server = TestServer.start((options) -> options.sampleInterval(Duration.ofMillis(500)))) {
			WireConnection connection = connect(server);
			get(connection.get("/bytes/100000").response());
			server.server().addSampleListener(samples::add);
			// The first sample comes while the connection lives on
			await().atMost(TIMEOUT).until(() -> !samples.isEmpty());
			assertThat(samples.peek().roundTripTime()).isPositive().isLessThan(TIMEOUT);
			assertThat(samples.peek().bytesSent()).isGreaterThan(100_000);
			get(connection.get("/bytes/50000").response());
			last = get(server.server().snapshot(0, 1)).connections().get(0);
		}
		assertThat(samples).hasSizeGreaterThan(1);
		assertThat(samples.stream().skip(1)).as("has what is new only")
			.allMatch((sample) -> sample.bytesSent() < 100_000);
		assertThat(samples.stream().mapToLong(ConnectionSample::bytesSent).sum()).isBetween(last.bytesSent(),
				last.bytesSent() + 10_000);
		assertThat(samples.stream().mapToLong(ConnectionSample::bytesReceived).sum()).isBetween(last.bytesReceived(),
				last.bytesReceived() + 10_000);
		assertThat(samples.stream().mapToLong(ConnectionSample::packetsReceived).sum()).isPositive();
		assertThat(samples.stream().mapToLong(ConnectionSample::packetsLost).sum()).isZero();
	}

	@Test
	void connectionThatIsClosedByThePeerIsSampledAtItsEnd() throws Exception {
		Queue<ConnectionSample> samples = new ConcurrentLinkedQueue<>();
		try (TestServer server = TestServer.start()) {
			server.server().addSampleListener(samples::add);
			WireConnection connection = connect(server);
			get(connection.get("/hello").response());
			connection.close();
			await().atMost(TIMEOUT).until(() -> !samples.isEmpty());
		}
		assertThat(samples).hasSize(1);
		assertThat(samples.peek().roundTripTime()).isPositive();
	}

	@Test
	void listenerThatFailsHarmsNoConnection() throws Exception {
		try (TestServer server = TestServer.start()) {
			server.server().addSampleListener((sample) -> {
				throw new IllegalStateException("on purpose");
			});
			WireConnection connection = connect(server);
			get(connection.get("/hello").response());
			assertThat(get(server.server().shutDownConnections(null))).isOne();
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			await().atMost(TIMEOUT).until(() -> server.server().getTotals().connections().completed() == 1);
		}
	}

	private WireConnection connect(TestServer server) throws Exception {
		return get(this.client.connect(server.address()));
	}

}
