package io.github.http3spring.netty;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.http3spring.server.ConnectionSnapshot;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.web.server.GracefulShutdownResult;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients whose NAT gives them another address, again and again (RFC 9000 section 9).
 */
class NatRebindingIT {

	private static final int CHANGES = 20;

	private static final int SIZE = 4_000_000;

	@AutoClose
	private final WireClient client = WireClient.create();

	@ParameterizedTest
	@ValueSource(doubles = { 0, 0.05 })
	void downloadOutlivesTwentyChangesOfTheAddress(double loss) throws Exception {
		try (TestServer server = TestServer.start(); UdpProxy proxy = UdpProxy.to(server.address())) {
			proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(2), Duration.ZERO);
			WireConnection connection = get(this.client.connect(proxy.address()));
			proxy.drop(Direction.TO_CLIENT, loss);
			proxy.drop(Direction.TO_SERVER, loss);
			WireStream download = connection.get("/bytes/" + SIZE);
			for (int change = 1; change <= CHANGES; change++) {
				awaitBytes(download, (long) SIZE / (CHANGES + 2) * change);
				proxy.rebind();
				// A client that has nothing to send is found nowhere
				assertServed(connection);
			}
			WireResponse response = get(download.response());
			assertThat(response.bodyLength()).isEqualTo(SIZE);
			assertThat(response.patternMatches()).isTrue();
			assertThat(snapshot(server).migrations()).isBetween(CHANGES / 2, CHANGES * 2);
			assertThat(connection.goAwayIds()).isEmpty();
		}
	}

	@Test
	void everyAddressOfTwentyIsServedAndShown() throws Exception {
		try (TestServer server = TestServer.start(); UdpProxy proxy = UdpProxy.to(server.address())) {
			WireConnection connection = get(this.client.connect(proxy.address()));
			assertServed(connection);
			for (int change = 1; change <= CHANGES; change++) {
				ConnectionSnapshot before = snapshot(server);
				proxy.rebind();
				assertServed(connection);
				assertThat(snapshot(server).peer()).isNotEqualTo(before.peer());
				// Each is one at least: what was sent before may be read after what was
				// sent then, at another socket
				await().atMost(Duration.ofSeconds(10)).until(() -> snapshot(server).migrations() > before.migrations());
			}
		}
	}

	@Test
	void handlersSeeTheAddressThatTheClientHasShownToBeItsOwn() throws Exception {
		try (TestServer server = TestServer.start(); UdpProxy proxy = UdpProxy.to(server.address())) {
			WireConnection connection = get(this.client.connect(proxy.address()));
			assertThat(addressFor(connection)).isEqualTo(snapshot(server).peer().toString());
			for (int change = 1; change <= 3; change++) {
				String before = addressFor(connection);
				long migrations = snapshot(server).migrations();
				proxy.rebind();
				assertServed(connection);
				await().atMost(Duration.ofSeconds(10)).until(() -> snapshot(server).migrations() > migrations);
				String after = addressFor(connection);
				assertThat(after).isNotEqualTo(before).isEqualTo(snapshot(server).peer().toString());
			}
		}
	}

	@Test
	void abruptCloseReachesTheNewAddress() throws Exception {
		try (TestServer server = TestServer.start(); UdpProxy proxy = UdpProxy.to(server.address())) {
			WireConnection connection = get(this.client.connect(proxy.address()));
			assertServed(connection);
			proxy.rebind();
			assertServed(connection);
			await().atMost(Duration.ofSeconds(10)).until(() -> snapshot(server).migrations() > 0);
			server.stop();
			assertThat(get(connection.closed())).isEqualTo(new CloseFrame(true, 0x100, ""));
		}
	}

	@Test
	void downloadGoesOnThoughTheAnswersToChallengesAreLate() throws Exception {
		try (TestServer server = TestServer.start(); UdpProxy proxy = UdpProxy.to(server.address())) {
			WireConnection connection = get(this.client.connect(proxy.address()));
			WireStream download = connection.get("/bytes/" + SIZE);
			for (int change = 1; change <= 3; change++) {
				awaitBytes(download, (long) SIZE / 10 * change);
				proxy.delay(Direction.TO_SERVER, Duration.ofMillis(200), Duration.ZERO);
				proxy.rebind();
				assertServed(connection);
				proxy.pass(Direction.TO_SERVER);
			}
			assertThat(get(download.response()).bodyLength()).isEqualTo(SIZE);
		}
	}

	@Test
	void downloadReachesAnAddressThatChangesDuringTheShutdown() throws Exception {
		// The transport cannot take the response before the shutdown
		WireOptions options = WireOptions.defaults().withWindows(SIZE, SIZE / CHANGES);
		try (WireClient client = WireClient.create(options);
				TestServer server = TestServer.start();
				UdpProxy proxy = UdpProxy.to(server.address())) {
			proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(2), Duration.ZERO);
			WireConnection connection = get(client.connect(proxy.address()));
			WireStream download = connection.get("/bytes/" + SIZE);
			get(download.headersReceived());
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			get(connection.goAway(2));
			for (int change = 1; change <= CHANGES; change++) {
				awaitBytes(download, (long) SIZE / (CHANGES + 2) * change);
				proxy.rebind();
				// Rejected, but the server learns of the address
				connection.get("/hello");
			}
			assertThat(get(download.response()).bodyLength()).isEqualTo(SIZE);
			assertThat(get(connection.closed())).isEqualTo(new CloseFrame(true, 0x100, ""));
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
			assertThat(server.verdict().connections().completed()).isOne();
			assertThat(server.verdict().requests().completed()).isOne();
		}
	}

	@Test
	void clientIsAskedToConnectAgainBeforeThereIsNoPathLeft() throws Exception {
		try (TestServer server = TestServer.start("http3.server.quic.active-connection-id-limit=8");
				UdpProxy proxy = UdpProxy.to(server.address())) {
			WireConnection connection = get(this.client.connect(proxy.address()));
			WireStream slow = connection.get("/slow?millis=1500");
			server.awaitStarted(1);
			for (int change = 1; change <= 7; change++) {
				proxy.rebind();
				connection.get("/hello").response().exceptionally((ex) -> null).join();
			}
			get(connection.goAway(2));
			assertThat(get(slow.response()).bodyAsString()).isEqualTo("done");
			assertThat(get(connection.closed())).isEqualTo(new CloseFrame(true, 0x100, ""));
		}
	}

	@Test
	void connectionsOfOneSocketMoveTogetherAndNewOnesJoinThem() throws Exception {
		try (WireClient shared = WireClient.create(WireOptions.defaults().withConnectionsPerSocket(3));
				TestServer server = TestServer.start();
				UdpProxy proxy = UdpProxy.to(server.address())) {
			WireConnection first = get(shared.connect(proxy.address()));
			WireConnection second = get(shared.connect(proxy.address()));
			assertServed(first);
			assertServed(second);
			proxy.rebind();
			assertServed(first);
			assertServed(second);
			WireConnection third = get(shared.connect(proxy.address()));
			for (int change = 1; change <= 3; change++) {
				assertServed(third);
				assertServed(first);
				assertServed(second);
				proxy.rebind();
			}
			assertServed(third);
			assertThat(server.started()).isEqualTo(14);
		}
	}

	private static void awaitBytes(WireStream download, long bytes) {
		await().atMost(Duration.ofSeconds(20))
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(1))
			.until(() -> download.bytesReceived() >= bytes);
	}

	private static void assertServed(WireConnection connection) throws Exception {
		assertThat(get(connection.get("/hello").response()).bodyAsString()).isEqualTo("hello");
	}

	private static String addressFor(WireConnection connection) throws Exception {
		return get(connection.get("/address").response()).bodyAsString();
	}

	private static ConnectionSnapshot snapshot(TestServer server) throws Exception {
		return get(server.server().snapshot(0, 1)).connections().get(0);
	}

}
