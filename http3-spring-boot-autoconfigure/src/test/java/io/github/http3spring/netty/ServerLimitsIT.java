package io.github.http3spring.netty;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.server.Http3ServerSnapshot;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.ConnectionClosedException;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.UdpProxy.Direction;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What the server refuses so that clients cannot exhaust it.
 */
class ServerLimitsIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private WireClient client;

	@BeforeEach
	void createClient() {
		this.client = WireClient.create();
	}

	@AfterEach
	void closeClient() {
		this.client.close();
	}

	@Test
	void connectionsAboveTheLimitAreRefusedUntilOneHasEnded() throws Exception {
		try (TestServer server = TestServer.start((options) -> options.limits(limits(2, TIMEOUT)))) {
			WireConnection first = connect(server);
			WireConnection second = connect(server);
			for (int attempt = 0; attempt < 3; attempt++) {
				assertRefused(this.client.connect(server.address()));
			}
			assertThat(server.server().getTotals().connectionsRefused()).isEqualTo(3);
			assertThat(get(second.get("/hello").response()).status()).isEqualTo(200);
			first.close();
			await().atMost(TIMEOUT).until(() -> server.server().getTotals().connectionsActive() == 1);
			assertThat(get(connect(server).get("/hello").response()).status()).isEqualTo(200);
			assertThat(server.server().getTotals().handshakeFailures()).isZero();
		}
	}

	@Test
	void peerThatVanishesInItsHandshakeIsForgotten() throws Exception {
		ServerLimits limits = limits(1, Duration.ofSeconds(1));
		try (TestServer server = TestServer.start((options) -> options.limits(limits));
				UdpProxy proxy = UdpProxy.to(server.address())) {
			proxy.dropAll(Direction.TO_CLIENT);
			CompletableFuture<WireConnection> vanished = this.client.connect(proxy.address());
			await().atMost(TIMEOUT).until(() -> snapshot(server).connectionCount() == 1);
			proxy.dropAll(Direction.TO_SERVER);
			// A handshake takes the place of a connection
			assertRefused(this.client.connect(server.address()));
			await().atMost(TIMEOUT).until(() -> snapshot(server).connectionCount() == 0);
			assertThat(server.server().getTotals().handshakeFailures()).isOne();
			assertThat(get(connect(server).get("/hello").response()).status()).isEqualTo(200);
			assertThat(vanished).isNotDone();
		}
	}

	@Test
	void connectionOutlivesTheTimeoutOfItsHandshake() throws Exception {
		ServerLimits limits = limits(0, Duration.ofMillis(300));
		try (TestServer server = TestServer.start((options) -> options.limits(limits))) {
			WireConnection connection = connect(server);
			assertThat(get(connection.get("/slow?millis=600").response()).status()).isEqualTo(200);
			assertThat(server.server().getTotals().handshakeFailures()).isZero();
		}
	}

	private static ServerLimits limits(int maxConnections, Duration handshakeTimeout) {
		return new ServerLimits(maxConnections, handshakeTimeout, TestServer.NO_LIMITS.maxHeaderSize());
	}

	private static void assertRefused(CompletableFuture<WireConnection> attempt) {
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(attempt))
			.havingCause()
			.isInstanceOfSatisfying(ConnectionClosedException.class,
					(ex) -> assertThat(ex.closeFrame()).isEqualTo(new CloseFrame(false, 0x02, "")));
	}

	private static Http3ServerSnapshot snapshot(TestServer server) throws Exception {
		return get(server.server().snapshot(0, 1));
	}

	private WireConnection connect(TestServer server) throws Exception {
		return get(this.client.connect(server.address()));
	}

	private static <T> T get(CompletableFuture<T> future) throws Exception {
		return future.get(15, TimeUnit.SECONDS);
	}

}
