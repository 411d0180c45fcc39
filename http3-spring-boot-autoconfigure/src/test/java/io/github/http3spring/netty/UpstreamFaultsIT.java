package io.github.http3spring.netty;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.http3spring.netty.stack.QuicheAccess;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireStream;
import io.netty.incubator.codec.quic.QuicChannel;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The faults of the stack that show when a client's address changes, with plain Reactor
 * Netty: a test that fails says that a new version has mended one, and what this project
 * does about it may go. Run with {@code -Dupstream.faults}, for instance when a
 * dependency is updated.
 */
@EnabledIfSystemProperty(named = "upstream.faults", matches = ".*")
class UpstreamFaultsIT {

	private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(20);

	private static final int SIZE = 4_000_000;

	@AutoClose
	private final WireClient client = WireClient.create();

	/**
	 * See quiche-paths-used-up.md.
	 */
	@Test
	void thereIsSilenceAfterAsManyAddressesAsConnectionIds() throws Exception {
		try (PlainReactorNettyServer server = PlainReactorNettyServer.start(IDLE_TIMEOUT);
				UdpProxy proxy = UdpProxy.to(server.address())) {
			WireConnection connection = get(this.client.connect(proxy.address()));
			int served = 0;
			while (served < 10 && isServed(connection)) {
				served++;
				TimeUnit.MILLISECONDS.sleep(100);
				proxy.rebind();
			}
			assertThat(served).isPositive();
			assertThat(connection.closed()).isNotDone();
			UpstreamFault.assertStillThere(served < 10, "ClientPaths");
		}
	}

	/**
	 * See quiche-in-flight-after-migration.md. Not with every change of address.
	 */
	@Test
	void whatWasInFlightIsNotSentToTheNewAddress() throws Exception {
		try (PlainReactorNettyServer server = PlainReactorNettyServer.start(IDLE_TIMEOUT)) {
			boolean lost = false;
			for (int attempt = 0; attempt < 5 && !lost; attempt++) {
				lost = isLostByAChangeOfAddress(server);
			}
			UpstreamFault.assertStillThere(lost, "ClientPaths");
		}
	}

	private boolean isLostByAChangeOfAddress(PlainReactorNettyServer server) throws Exception {
		try (UdpProxy proxy = UdpProxy.to(server.address())) {
			proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(50), Duration.ZERO);
			WireConnection connection = get(this.client.connect(proxy.address()));
			WireStream download = connection.get("/bytes/" + SIZE);
			await().atMost(Duration.ofSeconds(10)).until(() -> download.bytesReceived() > SIZE / 4);
			proxy.rebind();
			connection.get("/hello");
			return !isComplete(download);
		}
	}

	/**
	 * See quiche-path-validation.md.
	 */
	@Test
	void connectionEndsIfTheSecondChallengeIsLost() throws Exception {
		try (PlainReactorNettyServer server = PlainReactorNettyServer.start(IDLE_TIMEOUT);
				UdpProxy proxy = UdpProxy.to(server.address())) {
			WireConnection connection = get(this.client.connect(proxy.address()));
			assertThat(isServed(connection)).isTrue();
			proxy.delay(Direction.TO_SERVER, Duration.ofMillis(100), Duration.ZERO);
			proxy.rebind();
			// The first challenge comes with the response, the second after its answer
			assertThat(isServed(connection)).isTrue();
			proxy.dropAll(Direction.TO_CLIENT);
			TimeUnit.SECONDS.sleep(3);
			proxy.pass(Direction.TO_CLIENT);
			proxy.pass(Direction.TO_SERVER);
			UpstreamFault.assertStillThere(!(isServed(connection) && isServed(connection)), "ClientPaths");
		}
	}

	/**
	 * See netty-quic-codec-addresses.md.
	 */
	@Test
	void whoeverKnowsAConnectionIdGetsPacketsOfTheConnection() throws Exception {
		CompletableFuture<QuicChannel> accepted = new CompletableFuture<>();
		try (PlainReactorNettyServer server = PlainReactorNettyServer.start(IDLE_TIMEOUT,
				(observer, channel, address) -> accepted.complete((QuicChannel) channel));
				UdpProxy proxy = UdpProxy.to(server.address());
				DatagramSocket other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
			WireConnection connection = get(this.client.connect(proxy.address()));
			connection.get("/slow?millis=1000");
			await().atMost(Duration.ofSeconds(10)).until(() -> server.started() == 1);
			TimeUnit.MILLISECONDS.sleep(300);
			QuicChannel channel = get(accepted);
			for (ByteBuffer id : channel.eventLoop().submit(() -> QuicheAccess.connectionIds(channel)).get()) {
				send(other, server.address(), id);
			}
			other.setSoTimeout((int) TimeUnit.SECONDS.toMillis(5));
			DatagramPacket received = new DatagramPacket(new byte[2000], 2000);
			UpstreamFault.assertStillThere(isReceived(other, received), "PeerAddresses");
		}
	}

	private static void send(DatagramSocket socket, InetSocketAddress server, ByteBuffer id) throws Exception {
		byte[] packet = new byte[1 + id.remaining() + 30];
		packet[0] = 0x40;
		id.duplicate().get(packet, 1, id.remaining());
		socket.send(new DatagramPacket(packet, packet.length, server));
	}

	/**
	 * See quiche-retired-ids.md.
	 */
	@Test
	void latePacketWithARetiredConnectionIdEndsTheConnection(@TempDir Path directory) throws Exception {
		try (PlainReactorNettyServer server = PlainReactorNettyServer.start(IDLE_TIMEOUT);
				UdpProxy proxy = UdpProxy.to(server.address())) {
			Path output = directory.resolve("output");
			String log = LatePacketClient.run(proxy, () -> server.started() == 2,
					() -> Files.readString(output).contains("RETIRE_CONNECTION_ID"), output);
			assertThat(log).contains("RETIRE_CONNECTION_ID");
			UpstreamFault.assertStillThereBefore42(!LatePacketClient.COMPLETE.matcher(log).find(),
					"ConnectionIds.forgetOldest");
		}
	}

	/**
	 * See netty-quic-codec-timer.md. Not with every response.
	 */
	@Test
	void packetThatIsFoundLostWhileTheConnectionSendsIsForgotten() throws Exception {
		try (PlainReactorNettyServer server = PlainReactorNettyServer.start(IDLE_TIMEOUT)) {
			boolean complete = true;
			for (int attempt = 0; attempt < 5 && complete; attempt++) {
				complete = DueTimer.isResponseComplete(server.address(), this.client);
			}
			UpstreamFault.assertStillThere(!complete, "PostponedTimer");
		}
	}

	private static boolean isComplete(WireStream download) throws Exception {
		try {
			return download.response().get(10, TimeUnit.SECONDS).bodyLength() == SIZE;
		}
		catch (TimeoutException ex) {
			return false;
		}
	}

	private static boolean isReceived(DatagramSocket socket, DatagramPacket packet) throws Exception {
		try {
			socket.receive(packet);
			return true;
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
	}

	private static boolean isServed(WireConnection connection) {
		try {
			return connection.get("/hello").response().get(3, TimeUnit.SECONDS).bodyAsString().equals("hello");
		}
		catch (Exception ex) {
			return false;
		}
	}

}
