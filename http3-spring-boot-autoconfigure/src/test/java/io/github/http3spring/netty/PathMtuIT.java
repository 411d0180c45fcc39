package io.github.http3spring.netty;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.ProxiedDatagram;
import io.github.http3spring.wire.ProxiedDatagram.Fate;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;
import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.web.server.GracefulShutdownResult;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * Paths that do not carry the largest datagrams, from the start or from a moment on, and
 * tell nobody (RFC 9000 section 14).
 */
class PathMtuIT {

	/**
	 * Not where probes would be cut into fragments and get through.
	 */
	static final boolean CAN_BE_DISCOVERED = (Epoll.isAvailable()
			&& !"false".equals(System.getProperty("reactor.netty.native"))) || Runtime.version().feature() >= 19;

	private static final int SIZE = 2_000_000;

	private static final int LARGEST = 1452;

	private static final int SMALLER = 1300;

	private static final int SMALLEST = 1200;

	/**
	 * So that not all of the download is in flight when something happens to the path.
	 */
	private static final WireOptions OPTIONS = WireOptions.defaults().withWindows(SIZE, SIZE / 10);

	@AutoClose
	private final WireClient client = WireClient.create(OPTIONS);

	private TestServer server;

	private UdpProxy proxy;

	private WireConnection connection;

	@BeforeEach
	void connect() throws Exception {
		assumeThat(CAN_BE_DISCOVERED).isTrue();
		this.server = TestServer.start("http3.server.quic.discover-pmtu=true");
		this.proxy = UdpProxy.to(this.server.address());
		this.proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(10), Duration.ZERO);
	}

	@AfterEach
	void disconnect() {
		if (this.server != null) {
			this.proxy.close();
			this.server.close();
		}
	}

	@Test
	void datagramsAreAsLargeAsThePathCarries() throws Exception {
		assertWhole(download());
		assertThat(this.proxy.trace()).extracting(ProxiedDatagram::size).contains(LARGEST);
	}

	@Test
	void downloadIsWholeWhenLargeDatagramsVanishFromTheStart() throws Exception {
		this.proxy.dropLarger(Direction.TO_CLIENT, SMALLER);
		assertWhole(download());
		await().atMost(Duration.ofSeconds(15))
			.untilAsserted(() -> assertThat(this.proxy.trace()).anyMatch(this::isForwardedLarge));
		// What was lost are probes, three of each size
		assertThat(this.proxy.dropped(Direction.TO_CLIENT)).isLessThan(50);
	}

	@Test
	void downloadIsWholeWhenLargeDatagramsBeginToVanish() throws Exception {
		WireStream download = download();
		awaitLargeDatagrams(download);
		this.proxy.dropLarger(Direction.TO_CLIENT, SMALLER);
		assertWhole(download);
	}

	@Test
	void downloadIsWholeWhenTheClientUploadsMeanwhile() throws Exception {
		WireStream download = download();
		WireStream upload = this.connection.post("/count", 3L * SIZE);
		awaitLargeDatagrams(download);
		this.proxy.dropLarger(Direction.TO_CLIENT, SMALLER);
		assertWhole(download);
		assertThat(upload.response().get(30, TimeUnit.SECONDS).bodyAsString()).isEqualTo("" + 3 * SIZE);
	}

	@Test
	void downloadIsWholeThoughOnlySmallResponsesGetThroughAtFirst() throws Exception {
		WireStream download = download();
		awaitLargeDatagrams(download);
		this.proxy.dropLarger(Direction.TO_CLIENT, SMALLER);
		while (!download.response().isDone()) {
			assertServed();
		}
		assertWhole(download);
	}

	@Test
	void downloadIsWholeWhenTheClientMovesToASmallerPath() throws Exception {
		WireStream download = download();
		awaitLargeDatagrams(download);
		this.proxy.dropLarger(Direction.TO_CLIENT, SMALLER);
		this.proxy.rebind();
		assertServed();
		assertWhole(download);
	}

	@Test
	void shutdownWaitsForADownloadWhoseLargeDatagramsBeginToVanish() throws Exception {
		WireStream download = download();
		awaitLargeDatagrams(download);
		CompletableFuture<GracefulShutdownResult> result = this.server.shutDown();
		get(this.connection.goAway(1));
		this.proxy.dropLarger(Direction.TO_CLIENT, SMALLER);
		assertWhole(download);
		// The client is given the time that its slowest window took
		assertThat(this.connection.closed().get(30, TimeUnit.SECONDS)).isEqualTo(new CloseFrame(true, 0x100, ""));
		assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
		assertThat(this.server.verdict().requests().completed()).isOne();
	}

	@Test
	void searchForTheSizeDelaysNoShutdown() throws Exception {
		this.proxy.dropLarger(Direction.TO_CLIENT, LARGEST - 1);
		this.connection = get(this.client.connect(this.proxy.address()));
		assertServed();
		await().until(() -> this.proxy.dropped(Direction.TO_CLIENT) > 0);
		this.server.shutDown();
		get(this.connection.goAway(2));
		long lost = this.proxy.dropped(Direction.TO_CLIENT);
		assertThat(get(this.connection.closed())).isEqualTo(new CloseFrame(true, 0x100, ""));
		assertThat(this.proxy.dropped(Direction.TO_CLIENT)).isEqualTo(lost);
	}

	private boolean isForwardedLarge(ProxiedDatagram datagram) {
		return datagram.direction() == Direction.TO_CLIENT && datagram.fate() == Fate.FORWARDED
				&& datagram.size() > SMALLEST;
	}

	private WireStream download() throws Exception {
		this.connection = get(this.client.connect(this.proxy.address()));
		return this.connection.get("/bytes/" + SIZE);
	}

	private void assertServed() throws Exception {
		assertThat(get(this.connection.get("/hello").response()).bodyAsString()).isEqualTo("hello");
	}

	private static void assertWhole(WireStream download) throws Exception {
		// Detection takes some probe timeouts, which grow on a busy machine
		WireResponse response = download.response().get(30, TimeUnit.SECONDS);
		assertThat(response.bodyLength()).isEqualTo(SIZE);
		assertThat(response.patternMatches()).isTrue();
	}

	private void awaitLargeDatagrams(WireStream download) {
		await().atMost(Duration.ofSeconds(15))
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(1))
			.until(() -> download.bytesReceived() >= SIZE / 10);
		assertThat(this.proxy.trace()).extracting(ProxiedDatagram::size).contains(LARGEST);
	}

}
