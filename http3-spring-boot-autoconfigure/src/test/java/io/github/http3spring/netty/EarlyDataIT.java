package io.github.http3spring.netty;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.ConnectionClosedException;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.Http3Frames;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireEvent;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of requests that are sent before the end of the handshake.
 */
@Timeout(60)
class EarlyDataIT {

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final CloseFrame REFUSED = new CloseFrame(false, 0x02, "");

	private static final CloseFrame APPLICATION_ERROR = new CloseFrame(false, 0x0c, "");

	private final WireClient client = WireClient
		.create(WireOptions.defaults().withServerName("localhost").withEarlyData(true));

	private TestServer server;

	private UdpProxy proxy;

	@AfterEach
	void close() {
		this.client.close();
		this.proxy.close();
		this.server.close();
	}

	@Test
	void safeRequestIsServedBeforeTheEndOfTheHandshakeAndIsMarked() throws Exception {
		start("http3.server.ssl.early-data=true");
		getTicket();
		Early early = early((connection) -> connection.get("/early-data"));
		assertThat(early.response().bodyAsString()).isEqualTo("Early-Data: 1");
		assertThat(early.wasTried()).isTrue();
		WireResponse later = get(early.connection.get("/early-data").response());
		assertThat(later.bodyAsString()).isEqualTo("Early-Data: null");
	}

	@Test
	void unsafeRequestGets425AndDoesNotReachTheApplication() throws Exception {
		start("http3.server.ssl.early-data=true");
		getTicket();
		Early early = early((connection) -> connection.post("/orders/1", new byte[3]));
		assertThat(early.response().status()).isEqualTo(425);
		assertThat(this.server.started()).isOne();
		WireResponse again = get(early.connection.post("/orders/1?millis=0", new byte[3]).response());
		assertThat(again.status()).isEqualTo(200);
		assertThat(this.server.orders()).isEqualTo(Map.of("1", 1));
	}

	@Test
	void unsafeRequestOfAReplayDoesNotReachTheApplication() throws Exception {
		start("http3.server.ssl.early-data=true");
		getTicket();
		Early early = early((connection) -> connection.post("/orders/1", new byte[3]));
		await().pollInterval(Duration.ofMillis(5)).until(() -> this.proxy.pending(Direction.TO_CLIENT) > 0);
		// Nothing arrives but the first flight
		this.proxy.dropAll(Direction.TO_SERVER);
		assertThat(early.response().status()).isEqualTo(425);
		assertThat(this.server.server().getTotals().connections().accepted()).isOne();
		assertThat(this.server.started()).isOne();
	}

	@Test
	void isOffByDefault() throws Exception {
		start();
		getTicket();
		Early early = early((connection) -> connection.get("/early-data"));
		assertThat(early.response().bodyAsString()).isEqualTo("Early-Data: null");
		assertThat(early.wasTried()).isFalse();
	}

	@Test
	void isOffWhereClientsAreAskedForACertificate() throws Exception {
		start("http3.server.ssl.early-data=true", "server.ssl.client-auth=want");
		getTicket();
		Early early = early((connection) -> connection.get("/early-data"));
		assertThat(early.response().bodyAsString()).isEqualTo("Early-Data: null");
		assertThat(early.wasTried()).isFalse();
	}

	@Test
	void ticketFromBeforeAReloadCostsNothingButTheRoundTrip() throws Exception {
		start("http3.server.ssl.early-data=true");
		getTicket();
		this.server.reload();
		Early early = early((connection) -> connection.post("/orders/1?millis=0", new byte[3]));
		assertThat(early.response().status()).isEqualTo(200);
		assertThat(early.wasTried()).isTrue();
		assertThat(this.server.orders()).isEqualTo(Map.of("1", 1));
	}

	@Test
	void earlyRequestOfANewConnectionIsRefusedDuringAShutdown() throws Exception {
		start("http3.server.ssl.early-data=true");
		WireConnection connection = getTicket();
		connection.get("/never");
		this.server.awaitStarted(2);
		this.server.shutDown();
		get(connection.goAway(1));
		Early early = early((other) -> other.get("/hello"));
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(early::response)
			.havingCause()
			.isInstanceOfSatisfying(ConnectionClosedException.class,
					(ex) -> assertThat(ex.closeFrame()).isEqualTo(REFUSED));
		assertThat(early.wasTried()).isTrue();
		assertThat(this.server.started()).isEqualTo(2);
	}

	@Test
	void earlyRequestThatIsOpenWhenAShutdownStartsIsCompleted() throws Exception {
		start("http3.server.ssl.early-data=true");
		getTicket();
		Early early = early((connection) -> connection.get("/slow?millis=600"));
		this.server.awaitStarted(2);
		assertThat(this.server.server().getTotals().connections().accepted()).isOne();
		this.server.shutDown();
		assertThat(early.response().bodyAsString()).isEqualTo("done");
		assertThat(get(early.connection.closed())).isEqualTo(NO_ERROR);
		assertThat(early.connection.goAwayIds()).containsExactly((1L << 62) - 4, 4L);
		this.server.stop();
		assertThat(this.server.verdict().isLossless()).isTrue();
	}

	@Test
	void earlyRequestsCountForTheMaximumOfRequests() throws Exception {
		start("http3.server.ssl.early-data=true", "http3.server.connection.max-requests=1");
		getTicket();
		Early early = early((connection) -> connection.get("/early-data"));
		assertThat(early.response().bodyAsString()).isEqualTo("Early-Data: 1");
		assertThat(get(early.connection.closed())).isEqualTo(NO_ERROR);
	}

	/**
	 * The error code of an application is for peers whose handshake is done (RFC 9000
	 * section 10.2.3).
	 */
	@Test
	void earlyRequestThatBreaksTheProtocolClosesTheConnectionInItsHandshake() throws Exception {
		start("http3.server.ssl.early-data=true");
		getTicket();
		Early early = early((connection) -> {
			WireStream request = connection.openSilently();
			request.rawLast(Http3Frames.frame(Http3Frames.SETTINGS, new byte[0]));
			return request;
		});
		await().pollInterval(Duration.ofMillis(5)).until(() -> this.proxy.pending(Direction.TO_CLIENT) > 0);
		this.proxy.dropAll(Direction.TO_SERVER);
		assertThat(get(early.connection.closed())).isEqualTo(APPLICATION_ERROR);
	}

	private void start(String... properties) {
		this.server = TestServer.start(TestServer.Options::defaults, properties);
		this.proxy = UdpProxy.to(this.server.address());
	}

	private WireConnection getTicket() throws Exception {
		WireConnection connection = get(this.client.connect(this.proxy.address()));
		get(connection.get("/hello").response());
		return connection;
	}

	/**
	 * Send a request as soon as a new connection allows, long before the server's first
	 * flight arrives.
	 */
	private Early early(Function<WireConnection, WireStream> request) throws Exception {
		this.proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(150), Duration.ZERO);
		return get(this.client.connect(this.proxy.address())
			.thenApply((connection) -> new Early(connection, request.apply(connection))));
	}

	/**
	 * A request and the connection that was made for it.
	 */
	private record Early(WireConnection connection, WireStream request) {

		WireResponse response() throws Exception {
			return get(this.request.response());
		}

		boolean wasTried() {
			return this.connection.events()
				.stream()
				.anyMatch((event) -> event.type() == WireEvent.Type.EARLY_DATA_READY);
		}

	}

}
