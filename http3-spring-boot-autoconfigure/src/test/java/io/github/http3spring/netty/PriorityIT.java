package io.github.http3spring.netty;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.http3spring.wire.BodyPattern;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.Http3Frames;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Of two large responses on a connection, whose bytes leave first is what the client says
 * (RFC 9218), and the application. The path is long enough that the congestion window
 * decides, and both responses begin when the server knows all that was said.
 */
class PriorityIT {

	private static final int SIZE = 2_000_000;

	private static final byte[] CHUNK = BodyPattern.bytes(SIZE / 100);

	private final Sinks.Empty<Void> gate = Sinks.empty();

	@AutoClose
	private final TestServer server = TestServer.start((options) -> options.handler(this::respond),
			TestServer.ONE_WORKER);

	@AutoClose
	private final UdpProxy proxy = UdpProxy.to(this.server.address());

	@AutoClose
	private final WireClient client = WireClient.create();

	private WireConnection connection;

	@BeforeEach
	void connect() throws Exception {
		this.proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(20), Duration.ZERO);
		this.connection = get(this.client.connect(this.proxy.address()));
	}

	@Test
	void moreUrgentResponseIsSentFirst() throws Exception {
		WireStream first = request("u=5");
		WireStream second = request("u=1");
		assertThat(receivedWhenTheOtherIsComplete(first, second)).isLessThan(SIZE / 2);
	}

	@Test
	void responseOfWhichNothingIsSaidIsBetweenTheOthers() throws Exception {
		WireStream later = request("u=4");
		WireStream unsaid = request("");
		WireStream urgent = request("u=2");
		CompletableFuture<Long> received = whenComplete(later, unsaid);
		assertThat(receivedWhenTheOtherIsComplete(unsaid, urgent)).isLessThan(SIZE / 2);
		assertThat(get(received)).isLessThan(SIZE / 2);
	}

	@Test
	void incrementalResponsesOfTheSameUrgencyTakeTurns() throws Exception {
		WireStream first = request("u=3, i");
		WireStream second = request("u=3, i");
		assertThat(receivedWhenTheOtherIsComplete(second, first)).isGreaterThan(SIZE / 2);
	}

	@Test
	void otherResponsesOfTheSameUrgencyAreSentInTheOrderOfTheirRequests() throws Exception {
		WireStream first = request("u=3");
		WireStream second = request("u=3, i=?0");
		assertThat(receivedWhenTheOtherIsComplete(second, first)).isLessThan(SIZE / 2);
	}

	@Test
	void priorityOfAnOpenRequestCanBeChanged() throws Exception {
		WireStream first = request("u=1");
		WireStream second = request("u=5");
		get(this.connection.get("/hello").response());
		update(second, "u=0");
		assertThat(receivedWhenTheOtherIsComplete(first, second)).isLessThan(SIZE / 2);
	}

	@Test
	void priorityCanComeBeforeItsRequestAndCountsForMoreThanTheField() throws Exception {
		WireStream second = this.connection.openSilently();
		update(second, "u=0");
		get(this.connection.get("/hello").response());
		WireStream first = request("u=1");
		second.headers("GET", "/gated", Map.of("priority", "u=7")).finish();
		assertThat(receivedWhenTheOtherIsComplete(first, second)).isLessThan(SIZE / 2);
	}

	@Test
	void applicationKnowsBest() throws Exception {
		WireStream first = request("u=1");
		WireStream second = this.connection.request("GET", "/gated?u=0", Map.of("priority", "u=5, i"));
		second.finish();
		assertThat(receivedWhenTheOtherIsComplete(first, second)).isLessThan(SIZE / 2);
		assertThat(get(second.response()).header("priority")).isEqualTo("u=0");
	}

	@Test
	void goAwayDoesNotWaitForTheMostUrgentResponse() throws Exception {
		WireStream urgent = request("u=0");
		get(this.connection.get("/hello").response());
		CompletableFuture<Long> received = this.connection.goAway(1).thenApply((id) -> urgent.bytesReceived());
		this.gate.tryEmitEmpty();
		this.server.shutDown();
		assertThat(get(received)).isLessThan(SIZE);
		assertThat(get(urgent.response()).bodyLength()).isEqualTo(SIZE);
	}

	private WireStream request(String priority) {
		WireStream stream = this.connection.request("GET", "/gated",
				priority.isEmpty() ? Map.of() : Map.of("priority", priority));
		stream.finish();
		return stream;
	}

	private void update(WireStream stream, String priority) {
		byte[] id = Http3Frames.varint(stream.streamId());
		byte[] text = priority.getBytes(StandardCharsets.US_ASCII);
		byte[] payload = new byte[id.length + text.length];
		System.arraycopy(id, 0, payload, 0, id.length);
		System.arraycopy(text, 0, payload, id.length, text.length);
		this.connection.controlStream().raw(Http3Frames.frame(0xf0700, payload));
	}

	/**
	 * Return how much of one response has arrived when all of the other has.
	 */
	private long receivedWhenTheOtherIsComplete(WireStream one, WireStream other) throws Exception {
		CompletableFuture<Long> received = whenComplete(one, other);
		// By then, all that was sent before has been looked at
		get(this.connection.get("/hello").response());
		get(this.connection.get("/hello").response());
		this.gate.tryEmitEmpty();
		long bytes = get(received);
		assertThat(get(one.response()).bodyLength()).isEqualTo(SIZE);
		return bytes;
	}

	private static CompletableFuture<Long> whenComplete(WireStream one, WireStream other) {
		return other.response().thenApply((response) -> one.bytesReceived());
	}

	private Mono<Void> respond(ServerHttpRequest request, ServerHttpResponse response) {
		if (!request.getURI().getPath().equals("/gated")) {
			return response.setComplete();
		}
		if (request.getURI().getQuery() != null) {
			response.getHeaders().set("priority", request.getURI().getQuery());
		}
		return this.gate.asMono()
			.then(response
				.writeWith(Flux.range(0, SIZE / CHUNK.length).map((number) -> response.bufferFactory().wrap(CHUNK))));
	}

}
