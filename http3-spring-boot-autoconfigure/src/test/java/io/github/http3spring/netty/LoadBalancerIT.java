package io.github.http3spring.netty;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.http3spring.netty.settings.RoutableServer;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.web.server.GracefulShutdownResult;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Servers behind a load balancer that finds them by their connection ids (QUIC-LB),
 * clients whose address changes, and a rolling restart.
 */
@Timeout(120)
class LoadBalancerIT {

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final String KEY = "8f95f09245765f80256934e50c66207f";

	private static final int CLIENTS = 12;

	@AutoClose
	private final WireClient client = WireClient.create();

	@ParameterizedTest
	@CsvSource({ "7,", "12," + KEY, "5," + KEY })
	void noRequestIsLostInARollingRestartWhileAddressesChange(int nonceLength, @Nullable String key) throws Exception {
		try (ServerIdBalancer balancer = new ServerIdBalancer(2, 4, nonceLength, key);
				UdpProxy network = UdpProxy.to(balancer.address());
				TestServer first = start(balancer, "0a000001", nonceLength, key);
				TestServer second = start(balancer, "0a000002", nonceLength, key);
				TestServer third = start(balancer, "0a000003", nonceLength, key);
				TestServer fourth = start(balancer, "0a000004", nonceLength, key)) {
			balancer.open("0a000001", "0a000002");
			List<WireConnection> connections = connect(network);
			network.rebind();
			WireConnections.requestEach(connections);
			replace(first, connections.subList(0, CLIENTS / 2), network, () -> balancer.open("0a000003", "0a000002"));
			replace(second, connections.subList(CLIENTS / 2, CLIENTS), network,
					() -> balancer.open("0a000003", "0a000004"));
			List<WireConnection> next = connect(network);
			network.rebind();
			WireConnections.requestEach(next);
			assertThat(third.started()).isEqualTo(CLIENTS);
			assertThat(fourth.started()).isEqualTo(CLIENTS);
			assertThat(balancer.routed()).isGreaterThan(10 * CLIENTS);
		}
	}

	/**
	 * As AWS' Network Load Balancer routes: ids of exactly 16 bytes, with the server id
	 * that its controller has told the pod, among several workers.
	 */
	@Test
	void serversThatTheControllerOfAwsHasNamedAreFound() throws Exception {
		try (ServerIdBalancer balancer = new ServerIdBalancer(0, 8, 4, null);
				UdpProxy network = UdpProxy.to(balancer.address());
				TestServer first = startOfAws(balancer, "2d6575a16fa08ea4");
				TestServer second = startOfAws(balancer, "2d6575a16fa08ea5")) {
			balancer.onlyIdsOf(16);
			balancer.open("2d6575a16fa08ea4", "2d6575a16fa08ea5");
			List<WireConnection> connections = connect(network);
			for (int change = 0; change < 3; change++) {
				network.rebind();
				WireConnections.requestEach(connections);
			}
			assertThat(first.started()).isEqualTo(2 * CLIENTS);
			assertThat(second.started()).isEqualTo(2 * CLIENTS);
			assertThat(connections).allMatch((connection) -> !connection.closed().isDone());
		}
	}

	private static TestServer startOfAws(ServerIdBalancer balancer, String serverId) {
		byte[] bytes = HexFormat.of().parseHex(serverId);
		TestServer server = TestServer.start(TestServer.Options::defaults,
				RoutableServer.AWS_VARIABLE + "=" + Base64.getEncoder().encodeToString(bytes),
				"http3.server.workers=2");
		balancer.add(serverId, server.address());
		return server;
	}

	private static void replace(TestServer old, List<WireConnection> connections, UdpProxy network, Runnable next)
			throws Exception {
		int before = old.started();
		List<WireStream> slow = connections.stream().map((each) -> each.get("/slow?millis=600")).toList();
		old.awaitStarted(before + slow.size());
		next.run();
		CompletableFuture<GracefulShutdownResult> result = old.shutDown();
		for (WireConnection connection : connections) {
			get(connection.goAway(1));
		}
		network.rebind();
		WireConnections.requestEach(connections);
		for (WireStream stream : slow) {
			assertThat(get(stream.response()).bodyAsString()).isEqualTo("done");
		}
		for (WireConnection connection : connections) {
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
		}
		assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
		assertThat(old.verdict().connections().completed()).isEqualTo(connections.size());
		old.stop();
	}

	private static TestServer start(ServerIdBalancer balancer, String serverId, int nonceLength, @Nullable String key) {
		List<String> properties = new ArrayList<>(List.of("http3.server.quic.server-id=" + serverId,
				"http3.server.quic.server-id-nonce-length=" + nonceLength,
				"http3.server.quic.server-id-config-rotation=2", "http3.server.shutdown.goaway-delay=300ms"));
		if (key != null) {
			properties.add("http3.server.quic.server-id-key=" + key);
		}
		TestServer server = TestServer.start(TestServer.Options::defaults, properties.toArray(String[]::new));
		balancer.add(serverId, server.address());
		return server;
	}

	/**
	 * Connect one client after another: those of the first server before the others.
	 */
	private List<WireConnection> connect(UdpProxy network) throws Exception {
		List<WireConnection> odd = new ArrayList<>();
		List<WireConnection> even = new ArrayList<>();
		for (int number = 0; number < CLIENTS; number++) {
			WireConnection connection = get(this.client.connect(network.address()));
			WireConnections.requestEach(List.of(connection));
			((number % 2 == 0) ? odd : even).add(connection);
		}
		odd.addAll(even);
		return odd;
	}

}
