package io.github.http3spring.netty;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.github.http3spring.server.ShutdownVerdict;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.ConnectionClosedException;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.Test;

import org.springframework.boot.web.server.GracefulShutdownResult;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Clients whose transport has acknowledged a response that they have not read.
 */
class SlowReaderIT {

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final int SIZE = 3_000_000;

	private static final Duration PAUSE = Duration.ofSeconds(1);

	private static final Duration LINGER = Duration.ofSeconds(5);

	@Test
	void responseIsReadToItsEndBeforeTheConnectionIsClosed() throws Exception {
		try (WireClient client = WireClient.create();
				TestServer server = TestServer.start("http3.server.shutdown.linger=" + PAUSE.multipliedBy(3))) {
			WireStream download = downloadUnread(client, server);
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			await().during(PAUSE).atMost(PAUSE.multipliedBy(2)).until(() -> !result.isDone());
			download.resumeReading();
			assertThat(get(download.response()).bodyLength()).isEqualTo(SIZE);
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
			assertThat(server.verdict().requests().completed()).isZero();
			assertThat(server.verdict().connections().completed()).isOne();
		}
	}

	@Test
	void responseThatIsNotReadIsLostWithoutTimeToReadIt() throws Exception {
		try (WireClient client = WireClient.create();
				TestServer server = TestServer.start("http3.server.shutdown.linger=0")) {
			WireStream download = downloadUnread(client, server);
			get(server.shutDown());
			download.resumeReading();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(download.response()))
				.havingCause()
				.isInstanceOf(ConnectionClosedException.class);
		}
	}

	@Test
	void clientThatClosesWhenItHasReadIsNotWaitedForAnyLonger() throws Exception {
		try (WireClient client = WireClient.create();
				TestServer server = TestServer.start("http3.server.shutdown.linger=" + LINGER)) {
			WireConnection connection = connect(client, server);
			WireStream download = connection.get("/bytes/" + SIZE);
			get(download.response());
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			get(connection.goAway(2));
			connection.close();
			long start = System.nanoTime();
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
		}
	}

	@Test
	void deadlineEndsTheTimeToReadAndCutsNothingOff() throws Exception {
		Duration gracePeriod = Duration.ofMillis(500);
		try (WireClient client = WireClient.create();
				TestServer server = TestServer.start("http3.server.shutdown.linger=1m",
						"http3.server.shutdown.grace-period=" + gracePeriod)) {
			WireConnection connection = connect(client, server);
			get(connection.get("/bytes/" + SIZE).response());
			assertThat(get(server.shutDown())).isEqualTo(GracefulShutdownResult.IDLE);
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			ShutdownVerdict verdict = server.verdict();
			assertThat(verdict.duration()).isBetween(gracePeriod, gracePeriod.plusSeconds(1));
			assertThat(verdict.connections().completed()).isOne();
			assertThat(verdict.requests().cancelled()).isZero();
		}
	}

	@Test
	void clientWithAShortIdleTimeoutHearsOfTheCloseBeforeItGivesUp() throws Exception {
		WireOptions options = WireOptions.defaults().withMaxIdleTimeout(Duration.ofSeconds(2));
		try (WireClient client = WireClient.create(options);
				TestServer server = TestServer.start("http3.server.shutdown.linger=3s")) {
			WireConnection connection = connect(client, server);
			get(connection.get("/bytes/" + SIZE).response());
			server.shutDown();
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
		}
	}

	@Test
	void shortResponseNeedsNoTime() throws Exception {
		try (WireClient client = WireClient.create();
				TestServer server = TestServer.start("http3.server.shutdown.linger=" + LINGER)) {
			WireConnection connection = connect(client, server);
			get(connection.get("/bytes/30000").response());
			assertThat(get(server.shutDown())).isEqualTo(GracefulShutdownResult.IDLE);
			assertThat(server.verdict().duration()).isLessThan(Duration.ofSeconds(1));
		}
	}

	/**
	 * Let the client's transport take in a whole response of which nothing is read.
	 */
	private static WireStream downloadUnread(WireClient client, TestServer server) throws Exception {
		WireStream download = connect(client, server).openSilently();
		download.pauseReading();
		download.headers("GET", "/bytes/" + SIZE, Map.of());
		download.finish();
		await().atMost(Duration.ofSeconds(10)).until(() -> server.server().getTotals().requests().completed() == 1);
		return download;
	}

	private static WireConnection connect(WireClient client, TestServer server) throws Exception {
		return get(client.connect(server.address()));
	}

}
