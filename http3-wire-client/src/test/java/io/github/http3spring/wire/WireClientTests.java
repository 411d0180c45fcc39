package io.github.http3spring.wire;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link WireClient}.
 */
@Timeout(60)
class WireClientTests {

	private static final long MAX_ID = (1L << 62) - 4;

	private TestServer server;

	private final WireClient client = WireClient.create();

	@BeforeEach
	void start() throws Exception {
		this.server = new TestServer();
	}

	@AfterEach
	void stop() {
		this.client.close();
		this.server.close();
	}

	@Test
	void getReturnsStatusFieldsBodyAndTrailers() throws Exception {
		WireConnection connection = connect();
		WireResponse response = get(connection.get("/hello").response());
		assertThat(response.status()).isEqualTo(200);
		assertThat(response.bodyAsString()).isEqualTo("hello");
		assertThat(response.patternMatches()).isFalse();
		assertThat(response.header("x-printable")).isEqualTo(TestServer.PRINTABLE);
		assertThat(response.headers()).containsEntry("x-two", List.of("a", "b"));
		assertThat(response.trailers()).containsEntry("x-trailer", List.of("yes"));
	}

	@Test
	void eventsOfAConnectionAreRecordedInOrder() throws Exception {
		WireConnection connection = connect();
		get(connection.get("/hello").response());
		this.server.close(true, 0x100, "bye");
		get(connection.closed());
		assertThat(connection.events()).extracting(WireEvent::type)
			.containsExactly(WireEvent.Type.HANDSHAKE_DONE, WireEvent.Type.SETTINGS, WireEvent.Type.STREAM_OPENED,
					WireEvent.Type.HEADERS, WireEvent.Type.DATA, WireEvent.Type.HEADERS, WireEvent.Type.FIN,
					WireEvent.Type.CONNECTION_CLOSE);
		assertThat(connection.events()).extracting(WireEvent::nanos).isSorted();
	}

	@Test
	void goAwayIdsAndCloseFrameAreRecorded() throws Exception {
		WireConnection connection = connect();
		this.server.goAway(MAX_ID);
		assertThat(get(connection.goAway(1))).isEqualTo(MAX_ID);
		this.server.goAway(4);
		assertThat(get(connection.goAway(2))).isEqualTo(4);
		this.server.close(true, 0x100, "bye");
		assertThat(get(connection.closed())).isEqualTo(new CloseFrame(true, 0x100, "bye"));
		assertThat(connection.goAwayIds()).containsExactly(MAX_ID, 4L);
		ConnectionClosedException ex = failure(connection.goAway(3), ConnectionClosedException.class);
		assertThat(ex.type()).isEqualTo(WireEvent.Type.CONNECTION_CLOSE);
	}

	@Test
	void aStreamOpenedAfterGoAwayIsReallySent() throws Exception {
		WireConnection connection = connect();
		this.server.goAway(0);
		get(connection.goAway(1));
		WireStream late = connection.get("/hello");
		await().until(() -> this.server.requests.contains(late.streamId()));
	}

	@Test
	void aResetIsRecordedWithItsCode() throws Exception {
		WireConnection connection = connect();
		WireStream stream = connection.get("/reset/267");
		StreamResetException ex = failure(stream.response(), StreamResetException.class);
		assertThat(ex.code()).isEqualTo(0x10b);
		assertThat(connection.events())
			.anyMatch((event) -> event.type() == WireEvent.Type.RESET_STREAM && event.value() == 0x10b);
	}

	@Test
	void aResponseFailsWithTheCloseFrameIfTheConnectionEndsFirst() throws Exception {
		WireConnection connection = connect();
		WireStream stream = connection.get("/never");
		await().until(() -> this.server.requests.contains(stream.streamId()));
		this.server.close(true, 0x102, "");
		ConnectionClosedException ex = failure(stream.response(), ConnectionClosedException.class);
		assertThat(ex.closeFrame()).isEqualTo(new CloseFrame(true, 0x102, ""));
		assertThat(failure(connection.get("/late").response(), ConnectionClosedException.class).closeFrame())
			.isEqualTo(ex.closeFrame());
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
	void aRefusedConnectionFailsWithTheCloseFrame(TestServer.Refusal refusal) {
		this.server.refusal = refusal;
		ConnectionClosedException ex = failure(this.client.connect(this.server.address()),
				ConnectionClosedException.class);
		assertThat(ex.closeFrame()).isEqualTo(new CloseFrame(false, 0x02, ""));
	}

	@Test
	void nobodyThereFailsTheConnection() throws Exception {
		InetSocketAddress nobody = this.server.address();
		this.server.close();
		try (WireClient hasty = WireClient.create(WireOptions.defaults().withConnectTimeout(Duration.ofMillis(300)))) {
			ConnectionClosedException ex = failure(hasty.connect(nobody), ConnectionClosedException.class);
			assertThat(ex.type()).isEqualTo(WireEvent.Type.ERROR);
			assertThat(ex.closeFrame()).isNull();
		}
	}

	@Test
	void largeResponseIsCheckedWithoutKeepingIt() throws Exception {
		WireResponse response = get(connect().get("/pattern/5000000").response());
		assertThat(response.bodyLength()).isEqualTo(5_000_000);
		assertThat(response.patternMatches()).isTrue();
		assertThat(response.body()).hasSize(1 << 20);
	}

	@Test
	void largePostKeepsToTheFlowControlOfTheServer() throws Exception {
		WireResponse response = get(connect().post("/length", 10_000_000L).response());
		assertThat(response.header("x-bytes")).isEqualTo("10000000");
	}

	@Test
	void aRequestIsSentInParts() throws Exception {
		WireStream stream = connect().request("POST", "/length", Map.of("X-Any", "thing"));
		get(stream.write(new byte[10]));
		await().until(() -> this.server.requestBytes == 10);
		stream.write(new byte[5]);
		stream.finish();
		assertThat(get(stream.response()).header("x-bytes")).isEqualTo("15");
	}

	@Test
	void stopSendingIsRecordedOnTheNextWrite() throws Exception {
		WireConnection connection = connect();
		WireStream stream = connection.request("POST", "/stop/256", Map.of());
		// What a failed write's own callback finds recorded
		AtomicReference<List<WireEvent>> events = new AtomicReference<>();
		await().until(() -> stream.write(new byte[1]).handle((result, ex) -> {
			if (ex != null) {
				events.set(connection.events());
			}
			return ex != null;
		}).get(5, TimeUnit.SECONDS));
		assertThat(events.get()).extracting(WireEvent::type).containsOnlyOnce(WireEvent.Type.STOP_SENDING);
	}

	@Test
	void theCodeOfStopSendingIsInTheQlog(@TempDir Path qlogs) throws Exception {
		try (WireClient client = WireClient.create(WireOptions.defaults().withQlogDirectory(qlogs))) {
			WireConnection connection = get(client.connect(this.server.address()));
			WireStream stream = connection.request("POST", "/stop/267", Map.of());
			await().until(() -> stream.write(new byte[1]).handle((result, ex) -> ex != null).get(5, TimeUnit.SECONDS));
		}
		assertThat(Qlog.stopSendingCodes(qlogs)).containsExactly(Map.entry(0L, 0x10bL));
	}

	@Test
	void aSilentStreamLeavesAGap() throws Exception {
		WireConnection connection = connect();
		WireStream silent = connection.openSilently();
		WireStream sent = connection.get("/hello");
		assertThat(silent.streamId()).isZero();
		assertThat(sent.streamId()).isEqualTo(4);
		get(sent.response());
		assertThat(this.server.requests).containsExactly(4L);
		silent.headers("GET", "/hello", Map.of());
		silent.finish();
		get(silent.response());
		assertThat(this.server.requests).containsExactly(4L, 0L);
	}

	@Test
	void aPausedStreamReadsNothingUntilItIsResumed() throws Exception {
		WireConnection connection = connect();
		WireStream stream = connection.openSilently();
		stream.pauseReading();
		stream.headers("GET", "/pattern/100000", Map.of());
		stream.finish();
		get(connection.get("/hello").response());
		assertThat(stream.headersReceived()).isNotDone();
		stream.resumeReading();
		assertThat(get(stream.response()).patternMatches()).isTrue();
	}

	@Test
	void partOfAHeadersFrameIsNoRequest() throws Exception {
		WireConnection connection = connect();
		WireStream part = connection.openSilently().partialHeaders("GET", "/hello", Map.of(), 5);
		get(connection.get("/hello").response());
		assertThat(this.server.requests).containsExactly(4L);
		assertThat(part.response()).isNotDone();
	}

	@Test
	void aSecondControlStreamMakesTheServerCloseTheConnection() throws Exception {
		WireConnection connection = connect();
		connection.rawUnidirectional(new byte[] { 0x00, 0x04, 0x00 });
		// H3_STREAM_CREATION_ERROR
		assertThat(get(connection.closed()).errorCode()).isEqualTo(0x103);
	}

	@Test
	void aMalformedRequestMakesTheServerCloseTheConnection() throws Exception {
		WireConnection connection = connect();
		connection.rawBidirectional(Http3Frames.frame(Http3Frames.DATA, new byte[3]));
		// H3_FRAME_UNEXPECTED
		assertThat(get(connection.closed()).errorCode()).isEqualTo(0x105);
	}

	@Test
	void anIdleTimeoutIsNoClose() throws Exception {
		try (WireClient impatient = WireClient
			.create(WireOptions.defaults().withMaxIdleTimeout(Duration.ofMillis(300)));
				UdpProxy proxy = UdpProxy.to(this.server.address())) {
			WireConnection connection = get(impatient.connect(proxy.address()));
			proxy.dropAll(Direction.TO_CLIENT);
			WireStream stream = connection.get("/hello");
			ConnectionClosedException ex = failure(connection.closed(), ConnectionClosedException.class);
			assertThat(ex.type()).isEqualTo(WireEvent.Type.IDLE_TIMEOUT);
			assertThat(failure(stream.response(), ConnectionClosedException.class).type())
				.isEqualTo(WireEvent.Type.IDLE_TIMEOUT);
		}
	}

	@Test
	void closingTwiceAndAfterTheClientIsHarmless() throws Exception {
		WireConnection connection = connect();
		connection.close();
		connection.close();
		this.client.close();
		connection.close();
		connection.abandon();
		this.client.close();
		assertThat(connection.closed()).isDone();
	}

	@Test
	void closeTellsTheServer() throws Exception {
		WireConnection connection = connect();
		WireStream stream = connection.get("/never");
		connection.close(0x10c);
		await().until(() -> !this.server.connections.get(0).isOpen());
		assertThat(failure(stream.response(), ConnectionClosedException.class).type())
			.isEqualTo(WireEvent.Type.LOCAL_CLOSE);
	}

	@Test
	void abandonTellsNobody() throws Exception {
		try (UdpProxy proxy = UdpProxy.to(this.server.address())) {
			WireConnection connection = get(this.client.connect(proxy.address()));
			get(connection.get("/hello").response());
			// Every packet in flight is acknowledged when the server's count rests.
			long before = restingCount(proxy);
			connection.abandon();
			failure(connection.closed(), ConnectionClosedException.class);
			connection.get("/hello");
			await().during(200, TimeUnit.MILLISECONDS).until(() -> proxy.forwarded(Direction.TO_SERVER) == before);
			assertThat(this.server.connections.get(0).isOpen()).isTrue();
		}
	}

	@Test
	void moreRequestsThanTheStreamLimitAllAreAnswered() throws Exception {
		WireConnection connection = connect();
		List<CompletableFuture<WireResponse>> responses = IntStream.range(0, 1000)
			.mapToObj((i) -> connection.get("/hello").response())
			.toList();
		for (CompletableFuture<WireResponse> response : responses) {
			assertThat(get(response).status()).isEqualTo(200);
		}
		assertThat(this.server.requests).doesNotHaveDuplicates().hasSize(1000).contains(3996L);
	}

	@Test
	void smallWindowsStarveTheServer() throws Exception {
		WireOptions starving = WireOptions.defaults().withWindows(16, 16).withAwaitSettings(false);
		try (WireClient client = WireClient.create(starving)) {
			WireConnection connection = get(client.connect(this.server.address()));
			WireStream stream = connection.openSilently();
			stream.pauseReading();
			stream.headers("GET", "/pattern/100000", Map.of());
			stream.finish();
			await().until(() -> this.server.requests.contains(0L));
			assertThat(stream.headersReceived()).isNotDone();
		}
	}

	@Test
	void theRoundTripTimeIsThatOfThePath() throws Exception {
		try (UdpProxy proxy = UdpProxy.to(this.server.address())) {
			proxy.delay(Direction.TO_SERVER, Duration.ofMillis(30), Duration.ZERO);
			WireConnection connection = get(this.client.connect(proxy.address()));
			get(connection.get("/hello").response());
			assertThat(get(connection.roundTripTime())).isBetween(Duration.ofMillis(25), Duration.ofMillis(500));
		}
	}

	private static long restingCount(UdpProxy proxy) {
		AtomicLong last = new AtomicLong(-1);
		await().pollInterval(Duration.ofMillis(100)).until(() -> {
			long now = proxy.forwarded(Direction.TO_SERVER);
			return last.getAndSet(now) == now;
		});
		return last.get();
	}

	private WireConnection connect() throws Exception {
		return get(this.client.connect(this.server.address()));
	}

	private static <T> T get(CompletableFuture<T> future) throws Exception {
		return future.get(10, TimeUnit.SECONDS);
	}

	private static <E extends Throwable> E failure(CompletableFuture<?> future, Class<E> type) {
		ExecutionException ex = catchThrowableOfType(ExecutionException.class, () -> future.get(10, TimeUnit.SECONDS));
		assertThat(ex).isNotNull();
		assertThat(ex.getCause()).isInstanceOf(type);
		return type.cast(ex.getCause());
	}

}
