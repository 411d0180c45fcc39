package io.github.http3spring.netty;

import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.http3spring.server.UdpPortInUseException;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import reactor.netty.resources.LoopResources;

import org.springframework.boot.web.server.GracefulShutdownResult;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * A server that is bound to all addresses of a host that has several.
 */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class AskedAddressesIT {

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final List<String> ADDRESSES = List.of("127.0.0.1", "127.0.0.2", "127.0.0.3", "::1");

	@BeforeAll
	static void assumeThatSocketsTellWhichAddressWasAsked() {
		assumeThat(LoopResources.DEFAULT_NATIVE && Epoll.isAvailable())
			.as("a socket of Java does not tell, so the server cannot answer from that address")
			.isTrue();
	}

	@Test
	void clientsOfEachAddressAreServedAndShutDown() throws Exception {
		try (TestServer server = TestServer.start(TestServer.Options::anyAddress);
				WireClient client = WireClient.create()) {
			List<WireConnection> connections = new ArrayList<>();
			for (String address : ADDRESSES) {
				WireConnection connection = get(client.connect(address(address, server)));
				assertThat(get(connection.get("/hello").response()).bodyAsString()).as(address).isEqualTo("hello");
				assertThat(get(connection.get("/whole/1000000").response()).status()).as(address).isEqualTo(200);
				connections.add(connection);
			}
			get(connections.get(1).get("/hello").response());
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			for (WireConnection connection : connections) {
				assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			}
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
			assertThat(server.verdict().connections().completed()).isEqualTo(ADDRESSES.size());
		}
	}

	@Test
	void portIsNotSharedAndIsFreeWhenTheServerHasStopped() throws Exception {
		int port;
		try (TestServer server = TestServer.start(TestServer.Options::anyAddress);
				WireClient client = WireClient.create()) {
			get(client.connect(address("127.0.0.2", server)));
			port = server.server().getPort();
			TestServer other = TestServer.create(TestServer.Options::anyAddress, "http3.server.port=" + port);
			assertThatThrownBy(() -> other.server().start()).isInstanceOf(UdpPortInUseException.class);
			other.close();
			for (String address : List.of("0.0.0.0", "127.0.0.1", "127.0.0.2")) {
				try (DatagramSocket willing = new DatagramSocket(null)) {
					willing.setReuseAddress(true);
					assertThatThrownBy(() -> willing.bind(new InetSocketAddress(address, port))).as(address)
						.isInstanceOf(BindException.class);
				}
			}
		}
		try (TestServer again = TestServer.start(TestServer.Options::anyAddress, "http3.server.port=" + port);
				WireClient client = WireClient.create()) {
			WireConnection connection = get(client.connect(address("127.0.0.2", again)));
			assertThat(get(connection.get("/hello").response()).bodyAsString()).isEqualTo("hello");
		}
	}

	private static InetSocketAddress address(String address, TestServer server) throws Exception {
		return new InetSocketAddress(InetAddress.getByName(address), server.server().getPort());
	}

}
