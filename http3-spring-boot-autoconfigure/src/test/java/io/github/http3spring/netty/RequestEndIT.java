package io.github.http3spring.netty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.github.http3spring.BufferLeaks;
import io.github.http3spring.netty.EndingHandlers.Answer;
import io.github.http3spring.server.ConnectionSnapshot;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Requests that end before their time: in each way, at each moment, and for handlers that
 * answer in each way, everything that was begun for them ends.
 */
class RequestEndIT {

	private static final int REQUESTS_OF_EACH_KIND = 5;

	private static final int RACES = 100;

	private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);

	private static final Duration SHORT_IDLE_TIMEOUT = Duration.ofMillis(600);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

	/**
	 * H3_REQUEST_CANCELLED.
	 */
	private static final long CANCELLED = 0x10c;

	/**
	 * So little that a response without end takes little of the machine.
	 */
	private static final WireOptions CLIENT = WireOptions.defaults()
		.withWindows(1 << 20, 1 << 15)
		.withRecordStreamEvents(false)
		.withBodyLimit(0);

	private static BufferLeaks leaks;

	private final EndingHandlers handlers = new EndingHandlers();

	private final List<WireStream> streams = new ArrayList<>();

	private TestServer server;

	private WireClient client;

	private WireConnection connection;

	@BeforeAll
	static void collectLeaks() {
		leaks = new BufferLeaks();
	}

	@AfterAll
	static void assertNoBufferIsLeaked() {
		try (BufferLeaks collected = leaks) {
			collected.assertNone();
		}
	}

	private void connect(Duration idleTimeout) throws Exception {
		this.server = TestServer.start((options) -> options.handler(this.handlers.handler()),
				"http3.server.quic.max-idle-timeout=" + idleTimeout, "http3.server.shutdown.grace-period=100ms",
				"http3.server.connection.max-resets=0");
		this.client = WireClient.create(CLIENT);
		this.connection = get(this.client.connect(this.server.address()));
	}

	@AfterEach
	void close() {
		this.client.close();
		this.server.close();
	}

	@ParameterizedTest(name = "{0} {1}")
	@MethodSource("waysAndMoments")
	void everythingThatWasBegunForRequestsEnds(Way way, Moment moment) throws Exception {
		connect((way == Way.VANISH) ? SHORT_IDLE_TIMEOUT : IDLE_TIMEOUT);
		switch (moment) {
			case WITH_THE_REQUEST -> {
				this.connection.inOnePacket(() -> sendAndEnd(way, moment));
				end(way);
			}
			case RIGHT_AFTER_THE_REQUEST -> {
				sendAndEnd(way, moment);
				awaitAccepted(1);
				end(way);
			}
			case IN_THE_HEADER_SECTION -> {
				send(way, moment);
				awaitAccepted(this.streams.size());
				end(way);
			}
			case IN_THE_CONTENT, WHILE_THE_HANDLER_RUNS -> {
				send(way, moment);
				awaitHandlers(moment);
				end(way);
			}
			case IN_THE_WRITE_OF_THE_HEADER -> {
				send(way, moment);
				awaitHandlers(moment);
				end(way);
				if (way.isOfStream()) {
					// Comes after the end of the others
					get(request(Answer.AT_ONCE).response());
				}
				this.handlers.tell();
			}
			case BETWEEN_EVENTS -> {
				send(way, moment);
				for (WireStream stream : this.streams) {
					assertThat(get(stream.headersReceived())).isEqualTo(200);
				}
				end(way);
			}
			case AT_THE_END -> {
				send(way, moment);
				for (WireStream stream : this.streams) {
					assertThat(get(stream.response()).status()).isEqualTo(200);
				}
				end(way);
			}
		}
		awaitAccepted(1);
		if (way == Way.STOP && moment != Moment.IN_THE_HEADER_SECTION) {
			awaitHandlers(moment);
		}
		awaitEnd();
		if (way.isOfStream()) {
			assertThat(get(request(Answer.AT_ONCE).response()).status()).isEqualTo(200);
		}
	}

	static Stream<Arguments> waysAndMoments() {
		return Stream.of(Way.values())
			.flatMap((way) -> Stream.of(Moment.values())
				// Nothing has arrived when a server is shut down while a client sends
				.filter((moment) -> moment != Moment.WITH_THE_REQUEST || way.compareTo(Way.DEADLINE) < 0)
				.map((moment) -> Arguments.of(way, moment)));
	}

	private void send(Way way, Moment moment) {
		for (Answer answer : moment.answers()) {
			for (int number = 0; number < REQUESTS_OF_EACH_KIND; number++) {
				this.streams.add(send(way, moment, answer));
			}
		}
	}

	/**
	 * Send all requests, and end each of them at once if that can be done for each.
	 */
	private void sendAndEnd(Way way, Moment moment) {
		for (Answer answer : moment.answers()) {
			for (int number = 0; number < REQUESTS_OF_EACH_KIND; number++) {
				WireStream stream = send(way, moment, answer);
				if (way.isOfStream()) {
					way.end(stream);
				}
			}
		}
	}

	private WireStream send(Way way, Moment moment, Answer answer) {
		String path = "/" + answer;
		if (moment == Moment.IN_THE_HEADER_SECTION) {
			return this.connection.openSilently().partialHeaders("GET", path, Map.of(), 20);
		}
		if (moment == Moment.IN_THE_CONTENT) {
			WireStream stream = this.connection.request("POST", path, Map.of());
			stream.write(new byte[100]);
			return stream;
		}
		// A request that is complete can be reset no more
		return (way != Way.RESET) ? this.connection.get(path) : this.connection.request("GET", path, Map.of());
	}

	private void end(Way way) {
		switch (way) {
			case CLOSE -> this.connection.close();
			case VANISH -> this.connection.abandon();
			case DEADLINE -> this.server.shutDown();
			case IMMEDIATE -> this.server.stop();
			default -> this.streams.forEach(way::end);
		}
	}

	private void awaitAccepted(int requests) {
		await().atMost(PATIENCE)
			.pollInterval(POLL_INTERVAL)
			.until(() -> this.server.server().getTotals().requests().accepted() >= requests);
	}

	private void awaitHandlers(Moment moment) {
		for (Answer answer : moment.answers()) {
			await().alias("requests to " + answer)
				.atMost(PATIENCE)
				.pollInterval(POLL_INTERVAL)
				.until(() -> this.handlers.requests(answer) >= REQUESTS_OF_EACH_KIND);
		}
	}

	/**
	 * STOP_SENDING is there before the handler is called.
	 */
	@ParameterizedTest
	@EnumSource(names = { "EVENTS", "ENDLESSLY", "LATE", "WITHOUT_A_FIRST_ELEMENT" })
	void handlerOfARequestThatIsStoppedInTheSamePacketIsCancelled(Answer answer) throws Exception {
		connect(IDLE_TIMEOUT);
		for (int number = 0; number < RACES; number++) {
			this.connection.inOnePacket(() -> request(answer).stopSending(CANCELLED));
		}
		awaitRaces(answer);
		awaitEnd();
	}

	/**
	 * STOP_SENDING comes while the handler answers.
	 */
	@ParameterizedTest
	@EnumSource(names = { "EVENTS", "ENDLESSLY", "LATE", "WITHOUT_A_FIRST_ELEMENT" })
	void handlerOfARequestThatIsStoppedRightAfterItIsCancelled(Answer answer) throws Exception {
		connect(IDLE_TIMEOUT);
		for (int number = 0; number < RACES; number++) {
			request(answer).stopSending(CANCELLED);
		}
		awaitRaces(answer);
		awaitEnd();
	}

	@ParameterizedTest
	@EnumSource(names = { "EVENTS", "ENDLESSLY" })
	void handlersOfAConnectionThatIsClosedWithTheFirstResponseAreCancelled(Answer answer) throws Exception {
		// The close is lost if the socket's buffer is full, and the idle timeout tells
		// then
		connect(Duration.ofSeconds(5));
		WireStream first = request(answer);
		for (int number = 1; number < RACES; number++) {
			request(answer);
		}
		get(first.headersReceived());
		this.connection.close();
		assertThat(this.handlers.requests(answer)).isPositive();
		awaitEnd();
	}

	/**
	 * Of a request that is stopped before it has arrived the handler need not hear.
	 */
	private void awaitRaces(Answer answer) {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.handlers.requests(answer)).isGreaterThan(RACES * 9 / 10));
	}

	private WireStream request(Answer answer) {
		return this.connection.get("/" + answer);
	}

	/**
	 * Wait until nobody subscribes to anything any more and no request is open.
	 */
	private void awaitEnd() {
		for (Answer answer : Answer.values()) {
			await().alias("subscriptions to " + answer)
				.atMost(PATIENCE)
				.pollInterval(POLL_INTERVAL)
				.untilAsserted(() -> assertThat(this.handlers.subscriptions(answer)).isZero());
		}
		await().alias("open requests")
			.atMost(PATIENCE)
			.pollInterval(POLL_INTERVAL)
			.untilAsserted(() -> assertThat(openRequests()).isZero());
	}

	private int openRequests() throws Exception {
		return get(this.server.server().snapshot(0, Integer.MAX_VALUE)).connections()
			.stream()
			.mapToInt(ConnectionSnapshot::openRequestCount)
			.sum();
	}

	/**
	 * Ways in which a request ends before its time.
	 */
	private enum Way {

		STOP, RESET, STOP_AND_RESET, CLOSE, VANISH, DEADLINE, IMMEDIATE;

		boolean isOfStream() {
			return this.compareTo(CLOSE) < 0;
		}

		void end(WireStream stream) {
			if (this != RESET) {
				stream.stopSending(CANCELLED);
			}
			if (this != STOP) {
				stream.reset(CANCELLED);
			}
		}

	}

	/**
	 * Moments in the life of a request.
	 */
	private enum Moment {

		WITH_THE_REQUEST, RIGHT_AFTER_THE_REQUEST, IN_THE_HEADER_SECTION, IN_THE_CONTENT, WHILE_THE_HANDLER_RUNS,
		IN_THE_WRITE_OF_THE_HEADER, BETWEEN_EVENTS, AT_THE_END;

		/**
		 * Return how the handlers answer for which there is such a moment.
		 */
		Set<Answer> answers() {
			return switch (this) {
				case IN_THE_WRITE_OF_THE_HEADER -> EnumSet.of(Answer.WHEN_TOLD);
				case BETWEEN_EVENTS -> EnumSet.of(Answer.EVENTS, Answer.ENDLESSLY);
				// Whoever has got the response can stop it no more
				case IN_THE_CONTENT -> EnumSet.complementOf(EnumSet.of(Answer.AT_ONCE, Answer.LATE));
				case AT_THE_END -> EnumSet.of(Answer.AT_ONCE, Answer.LATE);
				default -> EnumSet.allOf(Answer.class);
			};
		}

	}

}
