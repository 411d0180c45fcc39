package io.github.http3spring.netty;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.Http3Frames;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.server.reactive.HttpHandler;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The faults of the stack in what is on a connection: requests, responses and control
 * streams, with plain Reactor Netty. As {@link UpstreamFaultsIT}.
 */
@Timeout(60)
@EnabledIfSystemProperty(named = "upstream.faults", matches = ".*")
class UpstreamHttp3FaultsIT {

	private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(20);

	/**
	 * Time in which whatever is not at fault would have come.
	 */
	private static final Duration LONG = Duration.ofSeconds(3);

	/**
	 * H3_REQUEST_CANCELLED.
	 */
	private static final long CANCELLED = 0x10c;

	@AutoClose
	private final WireClient client = WireClient.create();

	@Test
	void controlStreamOfAClientIsNotRead() throws Exception {
		try (PlainReactorNettyServer server = PlainReactorNettyServer.start(IDLE_TIMEOUT)) {
			WireConnection connection = get(this.client.connect(server.address()));
			connection.controlStream().raw(Http3Frames.frame(0x21, new byte[3000]));
			// H3_FRAME_UNEXPECTED
			connection.controlStream().raw(Http3Frames.frame(Http3Frames.DATA, new byte[1]));
			UpstreamFault.assertStillThere(!isClosed(connection) && isServed(connection.get("/hello")),
					"QuicCodecTakeover's reading");
		}
	}

	@Test
	void endOfAResponseThatIsLostOnItsOwnIsForgotten() throws Exception {
		try (PlainReactorNettyServer server = PlainReactorNettyServer.start(IDLE_TIMEOUT);
				UdpProxy proxy = UdpProxy.to(server.address(), 3)) {
			WireConnection connection = get(this.client.connect(proxy.address()));
			assertThat(isServed(connection.get("/hello"))).isTrue();
			proxy.drop(Direction.TO_CLIENT, 0.3);
			List<WireStream> requests = IntStream.range(0, 80).mapToObj((number) -> {
				LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
				return connection.get("/slow?millis=10");
			}).toList();
			await().atMost(Duration.ofSeconds(10))
				.until(() -> requests.stream().allMatch((request) -> request.bytesReceived() == 4));
			proxy.pass(Direction.TO_CLIENT);
			assertThat(isServed(connection.get("/hello"))).isTrue();
			await().pollDelay(LONG).until(() -> true);
			UpstreamFault.assertStillThere(requests.stream().anyMatch((request) -> !request.response().isDone()),
					"OutgoingResponse's end with the last bytes");
		}
	}

	@Test
	void responseThatBreaksOffLooksWhole() throws Exception {
		HttpHandler handler = (request, response) -> response.writeAndFlushWith(Flux.just(Mono.just(bytes(5)),
				Mono.<DataBuffer>error(new IllegalStateException("test")).delaySubscription(Duration.ofMillis(200))));
		try (PlainReactorNettyServer server = PlainReactorNettyServer.start(IDLE_TIMEOUT, handler)) {
			WireStream response = get(this.client.connect(server.address())).get("/");
			assertThat(get(response.headersReceived())).isEqualTo(200);
			UpstreamFault.assertStillThere(isServed(response), "OutgoingResponse's reset");
		}
	}

	@Test
	void handlerOfARequestThatIsResetIsNotCancelled() throws Exception {
		try (PlainReactorNettyServer server = PlainReactorNettyServer.start(IDLE_TIMEOUT)) {
			WireStream request = get(this.client.connect(server.address())).request("GET", "/never", Map.of());
			await().until(() -> server.started() == 1);
			request.reset(CANCELLED);
			await().pollDelay(LONG).until(() -> true);
			UpstreamFault.assertStillThere(server.cancelled() == 0, "OpenRequests' look at its requests");
		}
	}

	@Test
	void handlerOfARequestThatIsStoppedAtOnceIsNotCancelled() throws Exception {
		int count = 50;
		try (PlainReactorNettyServer server = PlainReactorNettyServer.start(IDLE_TIMEOUT)) {
			WireConnection connection = get(this.client.connect(server.address()));
			for (int number = 0; number < count; number++) {
				connection.inOnePacket(() -> connection.get("/events").stopSending(CANCELLED));
			}
			await().until(() -> server.started() == count);
			await().pollDelay(LONG).until(() -> true);
			UpstreamFault.assertStillThere(server.cancelled() < count, "HandlerSubscription");
		}
	}

	@Test
	void malformedRequestsReachTheApplication() throws Exception {
		try (PlainReactorNettyServer server = PlainReactorNettyServer.start(IDLE_TIMEOUT)) {
			List<byte[]> requests = List.of(request("localhost", "/hello#fragment"), request("me@localhost", "/hello"),
					request("localhost", "/hello", "host", "localhost"), request("localhost", "/hello", "x", "space "),
					request("localhost", "/hello", ":status", "200"));
			int served = 0;
			for (byte[] request : requests) {
				WireStream stream = get(this.client.connect(server.address())).rawBidirectional(request);
				stream.finish();
				served += isServed(stream) ? 1 : 0;
			}
			UpstreamFault.assertStillThere(served > 0, "RequestFields");
		}
	}

	private static byte[] request(String authority, String path, String... more) {
		String[] fields = { ":method", "GET", ":scheme", "https", ":authority", authority, ":path", path };
		String[] all = Arrays.copyOf(fields, fields.length + more.length);
		System.arraycopy(more, 0, all, fields.length, more.length);
		return Http3Frames.fields(all);
	}

	@Test
	void frameOfAnUnknownTypeInTwoPacketsIsMisread() throws Exception {
		try (PlainReactorNettyServer server = PlainReactorNettyServer.start(IDLE_TIMEOUT)) {
			int misread = 0;
			byte[] frame = Http3Frames.frame(0x21, new byte[] { 0, 1, 2 });
			for (int cut = 1; cut < frame.length; cut++) {
				WireConnection connection = get(this.client.connect(server.address()));
				WireStream request = connection.rawBidirectional(Arrays.copyOf(frame, cut));
				assertThat(isServed(connection.get("/hello"))).isTrue();
				request.raw(Arrays.copyOfRange(frame, cut, frame.length));
				misread += isServed(end(request)) ? 0 : 1;
			}
			UpstreamFault.assertStillThereBefore42(misread > 0, "FrameHeaders' place in unknown frames");
		}
	}

	@Test
	void frameOfALargeTypeIsTakenForAnother() throws Exception {
		try (PlainReactorNettyServer server = PlainReactorNettyServer.start(IDLE_TIMEOUT)) {
			WireStream request = get(this.client.connect(server.address()))
				.rawBidirectional(Http3Frames.frame(1L << 32, new byte[] { 1, 2 }));
			UpstreamFault.assertStillThere(!isServed(end(request)), "FrameHeaders' types");
		}
	}

	@Test
	void longFrameOfAReservedTypeIsNotIgnored() throws Exception {
		try (PlainReactorNettyServer server = PlainReactorNettyServer.start(IDLE_TIMEOUT)) {
			WireStream request = get(this.client.connect(server.address()))
				.rawBidirectional(Http3Frames.frame(0x40, new byte[64 * 1024]));
			UpstreamFault.assertStillThere(!isServed(end(request)), "FrameHeaders' dropping of unknown frames");
		}
	}

	@Test
	void frameIsCollectedWithoutALimit() throws Exception {
		try (PlainReactorNettyServer server = PlainReactorNettyServer.start(IDLE_TIMEOUT)) {
			WireConnection connection = get(this.client.connect(server.address()));
			WireStream request = connection.rawBidirectional(Http3Frames.frameHeader(Http3Frames.HEADERS, 1 << 29));
			CompletableFuture<Void> taken = request.raw(new byte[8 << 20]);
			// Nobody could hold 512 MB for each request
			await().atMost(Duration.ofSeconds(20)).until(() -> taken.isDone() || connection.closed().isDone());
			// By a limit for all header sections, which FieldSectionLimit has to lift
			// again
			UpstreamFault.assertStillThereBefore42(!taken.isCompletedExceptionally() && !connection.closed().isDone(),
					"FrameHeaders' limit");
		}
	}

	@Test
	void earlyRequestIsNotReadBeforeTheNextPacket() throws Exception {
		try (PlainReactorNettyServer server = PlainReactorNettyServer.startWithEarlyData(IDLE_TIMEOUT);
				UdpProxy proxy = UdpProxy.to(server.address());
				WireClient returning = WireClient
					.create(WireOptions.defaults().withServerName("localhost").withEarlyData(true))) {
			assertThat(isServed(get(returning.connect(proxy.address())).get("/hello"))).isTrue();
			proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(700), Duration.ZERO);
			WireStream early = get(
					returning.connect(proxy.address()).thenApply((connection) -> connection.get("/hello")));
			await().pollInterval(Duration.ofMillis(5)).until(() -> proxy.pending(Direction.TO_CLIENT) > 0);
			await().pollDelay(Duration.ofMillis(200)).until(() -> true);
			boolean waits = server.started() == 1;
			assertThat(isServed(early)).isTrue();
			UpstreamFault.assertStillThere(waits, "the reading of early data in FirstPacketHandler's connections");
		}
	}

	private static DataBuffer bytes(int count) {
		return DefaultDataBufferFactory.sharedInstance.wrap(new byte[count]);
	}

	/**
	 * Make a whole request of the beginning of a stream.
	 */
	private static WireStream end(WireStream stream) {
		stream.raw(Http3Frames.headers("GET", "localhost", "/hello", Map.of()));
		stream.finish();
		return stream;
	}

	private static boolean isServed(WireStream stream) throws Exception {
		try {
			return stream.response().get(LONG.toMillis(), TimeUnit.MILLISECONDS).status() == 200;
		}
		catch (TimeoutException | ExecutionException ex) {
			return false;
		}
	}

	private static boolean isClosed(WireConnection connection) throws Exception {
		return isDone(connection.closed());
	}

	private static boolean isDone(CompletableFuture<?> future) throws Exception {
		try {
			future.get(LONG.toMillis(), TimeUnit.MILLISECONDS);
			return true;
		}
		catch (TimeoutException | ExecutionException ex) {
			return false;
		}
	}

}
