package io.github.http3spring.netty;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.http3spring.TestKeyStore;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ClientAuth;
import io.netty.incubator.codec.http3.Http3;
import io.netty.incubator.codec.quic.InsecureQuicTokenHandler;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionIdGenerator;
import io.netty.incubator.codec.quic.QuicSslContext;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The faults of the stack in how connections begin and end, with Netty's QUIC codec
 * alone, or plain Reactor Netty where that has to close a connection. As
 * {@link UpstreamFaultsIT}.
 */
@Timeout(60)
@EnabledIfSystemProperty(named = "upstream.faults", matches = ".*")
class UpstreamPacketFaultsIT {

	private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(20);

	/**
	 * Time in which whatever is not at fault would have come.
	 */
	private static final Duration LONG = Duration.ofSeconds(3);

	private static final int OTHER_VERSION = 0x1a2a3a4a;

	private static final int NO_ERROR = 0x100;

	@AutoClose
	private final WireClient client = WireClient.create();

	@Test
	void clientWithATokenOfAnotherServerGetsNoAnswer() throws Exception {
		try (BareCodecServer server = BareCodecServer
			.start((builder) -> builder.tokenHandler(InsecureQuicTokenHandler.INSTANCE))) {
			assertThat(isAnswered(server.address(), packet(1, 8, 1200))).isTrue();
			UpstreamFault.assertStillThere(
					!isAnswered(server.address(), packet(1, 8, 1200, "of another server".getBytes())),
					"FirstPacketHandler's Retry");
		}
	}

	@Test
	void packetsOfOtherVersionsAreAnsweredIfTheyAreShortAndNotIfTheirIdsAreLong() throws Exception {
		try (BareCodecServer server = BareCodecServer.start((builder) -> {
		})) {
			assertThat(isAnswered(server.address(), packet(OTHER_VERSION, 8, 1200))).isTrue();
			UpstreamFault.assertStillThere(
					isAnswered(server.address(), packet(OTHER_VERSION, 8, 100))
							|| !isAnswered(server.address(), packet(OTHER_VERSION, 30, 1200)),
					"FirstPacketHandler's Version Negotiation");
		}
	}

	@Test
	void addressThatWasAskedDoesNotAnswer() throws Exception {
		try (BareCodecServer server = BareCodecServer.startOnAllAddresses()) {
			byte[] packet = packet(OTHER_VERSION, 8, 1200);
			assertThat(isAnswered(server.address(), packet)).isTrue();
			UpstreamFault.assertStillThere(!isAnswered(server.address("127.0.0.2"), packet), "AskedAddresses");
		}
	}

	@Test
	void connectionThatIsClosedAtOnceIsNotRefused() throws Exception {
		CompletableFuture<Boolean> asked = new CompletableFuture<>();
		try (BareCodecServer server = BareCodecServer.start(new ChannelInboundHandlerAdapter() {

			@Override
			public void channelRegistered(ChannelHandlerContext ctx) {
				((QuicChannel) ctx.channel()).close(false, 0x02, Unpooled.EMPTY_BUFFER);
				asked.complete(true);
			}

		})) {
			boolean answered = isAnswered(server.address(), AmplificationIT.initial());
			assertThat(get(asked)).isTrue();
			UpstreamFault.assertStillThere(!answered, "FirstPacketHandler's refusal");
		}
	}

	@Test
	void allConnectionsHaveOneStatelessResetToken(@TempDir Path directory) throws Exception {
		try (BareCodecServer server = BareCodecServer.start((builder) -> builder
			.statelessResetToken(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6 }))) {
			int port = server.address().getPort();
			Object first = QuicPeer.transportParameters(port, directory.resolve("first")).get("stateless_reset_token");
			Object second = QuicPeer.transportParameters(port, directory.resolve("second"))
				.get("stateless_reset_token");
			assertThat(first).isNotNull();
			UpstreamFault.assertStillThere(first.equals(second), "ResetTokenAccess");
		}
	}

	@Test
	void connectionIdsAreMadeInVainWithEachPacket() throws Exception {
		QuicConnectionIdGenerator generator = QuicConnectionIdGenerator.signGenerator();
		AtomicInteger calls = new AtomicInteger();
		Set<ByteBuffer> ids = ConcurrentHashMap.newKeySet();
		QuicConnectionIdGenerator counting = new QuicConnectionIdGenerator() {

			@Override
			public ByteBuffer newId(int length) {
				return generator.newId(length);
			}

			@Override
			public ByteBuffer newId(ByteBuffer input, int length) {
				calls.incrementAndGet();
				ByteBuffer id = generator.newId(input, length);
				ids.add(id.duplicate());
				return id;
			}

			@Override
			public int maxConnectionIdLength() {
				return generator.maxConnectionIdLength();
			}

			@Override
			public boolean isIdempotent() {
				return true;
			}

		};
		try (BareCodecServer server = BareCodecServer
			.start((builder) -> builder.connectionIdAddressGenerator(counting).activeConnectionIdLimit(8));
				QuicPeer peer = QuicPeer.connect(server.address().getPort())) {
			for (int packet = 0; packet < 5; packet++) {
				peer.send();
				TimeUnit.MILLISECONDS.sleep(50);
			}
			assertThat(ids).isNotEmpty();
			UpstreamFault.assertStillThere(calls.get() > ids.size() + 5, "ConnectionIds' serial number");
		}
	}

	@Test
	void clientThatAsksForANameIsNotAskedForItsCertificate() throws Exception {
		QuicSslContext strict = QuicSslContextBuilder
			.forServer(TestServer.SSL_BUNDLE.getManagers().getKeyManagerFactory(), TestKeyStore.PASSWORD)
			.applicationProtocols(Http3.supportedApplicationProtocols())
			.trustManager(TestServer.SSL_BUNDLE.getManagers().getTrustManagerFactory())
			.clientAuth(ClientAuth.REQUIRE)
			.build();
		try (BareCodecServer server = BareCodecServer.start((builder) -> builder.sslContext(strict))) {
			assertThat(QuicPeer.isAccepted(server.address().getPort(), "localhost", LONG)).isFalse();
		}
		QuicSslContext named = QuicSslContextBuilder.buildForServerWithSni((name) -> strict);
		try (BareCodecServer server = BareCodecServer.start((builder) -> builder.sslContext(named))) {
			UpstreamFault.assertStillThere(QuicPeer.isAccepted(server.address().getPort(), "localhost", LONG),
					"ServerNameSelection");
		}
	}

	@Test
	void closeThatIsLostIsNotRepeated() throws Exception {
		CompletableFuture<QuicChannel> accepted = new CompletableFuture<>();
		try (PlainReactorNettyServer server = PlainReactorNettyServer.start(IDLE_TIMEOUT,
				(observer, channel, address) -> accepted.complete((QuicChannel) channel));
				UdpProxy proxy = UdpProxy.to(server.address())) {
			WireConnection connection = get(this.client.connect(proxy.address()));
			assertThat(get(connection.get("/hello").response()).status()).isEqualTo(200);
			await().pollDelay(Duration.ofMillis(200)).until(() -> true);
			proxy.dropNext(Direction.TO_CLIENT, 1);
			close(get(accepted));
			await().until(() -> proxy.dropped(Direction.TO_CLIENT) == 1);
			connection.get("/hello");
			UpstreamFault.assertStillThere(!isClosed(connection), "ClosingPeriods");
		}
	}

	@Test
	void closeIsLostInAFullCongestionWindow() throws Exception {
		CompletableFuture<QuicChannel> accepted = new CompletableFuture<>();
		WireOptions options = WireOptions.defaults().withWindows(100_000_000, 100_000_000);
		try (WireClient greedy = WireClient.create(options);
				PlainReactorNettyServer server = PlainReactorNettyServer.start(IDLE_TIMEOUT,
						(observer, channel, address) -> accepted.complete((QuicChannel) channel));
				UdpProxy proxy = UdpProxy.to(server.address())) {
			WireConnection connection = get(greedy.connect(proxy.address()));
			get(connection.get("/bytes/50000000").headersReceived());
			proxy.drop(Direction.TO_SERVER, 1);
			// The next write fills the window, and no probe is due yet
			await().pollDelay(Duration.ofMillis(20)).until(() -> true);
			close(get(accepted));
			UpstreamFault.assertStillThere(!isClosed(connection), "ConnectionClose's wait for a probe");
		}
	}

	private static void close(QuicChannel channel) {
		channel.eventLoop().execute(() -> channel.close(true, NO_ERROR, Unpooled.EMPTY_BUFFER));
	}

	private static boolean isClosed(WireConnection connection) throws Exception {
		try {
			connection.closed().get(LONG.toMillis(), TimeUnit.MILLISECONDS);
			return true;
		}
		catch (TimeoutException | ExecutionException ex) {
			return false;
		}
	}

	/**
	 * Return whether the address that a packet is sent to answers.
	 */
	private static boolean isAnswered(InetSocketAddress server, byte[] packet) throws IOException {
		try (DatagramSocket socket = new DatagramSocket()) {
			socket.connect(server);
			socket.setSoTimeout(1500);
			socket.send(new DatagramPacket(packet, packet.length));
			socket.receive(new DatagramPacket(new byte[2000], 2000));
			return true;
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
	}

	/**
	 * Return a packet with a long header, of which no more than that is valid.
	 */
	private static byte[] packet(int version, int idLength, int size, byte... token) {
		byte[] packet = new byte[size];
		ByteBuffer.wrap(packet)
			.put((byte) 0xc0)
			.putInt(version)
			.put((byte) idLength)
			.put(new byte[idLength])
			.put((byte) idLength)
			.put(new byte[idLength])
			.putShort((short) (0x4000 | token.length))
			.put(token);
		return packet;
	}

}
