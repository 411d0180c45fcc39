package io.github.http3spring.netty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.StreamResetException;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireEvent;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.boot.web.server.GracefulShutdownResult;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests that clients send before they know of the shutdown.
 */
class LateRequestIT {

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final long REQUEST_REJECTED = 0x10b;

	@AutoClose
	private final WireClient client = WireClient.create();

	@Test
	void requestsAtAnyMomentAreServedOrRejectedAndNeverLeftWithoutAnAnswer() throws Exception {
		int connections = 60;
		try (TestServer server = TestServer.start("http3.server.shutdown.goaway-delay=300ms");
				UdpProxy proxy = UdpProxy.to(server.address())) {
			List<WireConnection> open = new ArrayList<>();
			for (int number = 0; number < connections; number++) {
				open.add(get(this.client.connect(proxy.address())));
			}
			for (Direction direction : Direction.values()) {
				proxy.delay(direction, Duration.ofMillis(60), Duration.ZERO);
			}
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			List<WireStream> requests = new ArrayList<>();
			for (int number = 0; number < connections; number++) {
				WireConnection connection = open.get(number);
				int moment = number;
				connection.goAway(1)
					.thenCompose((id) -> delay(Duration.ofMillis(8L * moment)))
					// On the event loop, so that no GOAWAY comes in between
					.thenCompose((done) -> connection.roundTripTime())
					.thenRun(() -> request(connection, requests));
			}
			for (WireConnection connection : open) {
				assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			}
			assertThat(get(result)).isEqualTo(GracefulShutdownResult.IDLE);
			int served = 0;
			int rejected = 0;
			for (WireStream request : requests) {
				try {
					assertThat(get(request.response()).bodyAsString()).isEqualTo("hello");
					served++;
				}
				catch (ExecutionException ex) {
					assertThat(ex).cause().isInstanceOf(StreamResetException.class).hasMessageContaining("10b");
					rejected++;
				}
			}
			assertThat(served).isPositive();
			assertThat(rejected).isPositive();
			assertThat(server.verdict().requests().rejected()).isEqualTo(rejected);
		}
	}

	@Test
	void closeComesAfterTheAcknowledgementOfTheFinalGoAway() throws Exception {
		try (TestServer server = TestServer.start(); UdpProxy proxy = UdpProxy.to(server.address())) {
			WireConnection connection = get(this.client.connect(proxy.address()));
			proxy.delay(Direction.TO_SERVER, Duration.ofMillis(300), Duration.ZERO);
			server.shutDown();
			get(connection.closed());
			WireEvent goAway = last(connection, WireEvent.Type.GOAWAY);
			WireEvent close = last(connection, WireEvent.Type.CONNECTION_CLOSE);
			assertThat(Duration.ofNanos(close.nanos() - goAway.nanos())).isBetween(Duration.ofMillis(290),
					Duration.ofMillis(900));
		}
	}

	@Test
	void idleClientThatHasVanishedIsGivenUpSoon() throws Exception {
		try (TestServer server = TestServer.start()) {
			get(this.client.connect(server.address())).abandon();
			assertThat(get(server.shutDown())).isEqualTo(GracefulShutdownResult.IDLE);
			assertThat(server.verdict().duration()).isLessThan(Duration.ofSeconds(3));
		}
	}

	private static synchronized void request(WireConnection connection, List<WireStream> requests) {
		// A client that knows the final identifier knows that nothing more is served
		if (connection.goAwayIds().size() < 2) {
			requests.add(connection.get("/hello"));
		}
	}

	private static CompletableFuture<Void> delay(Duration delay) {
		return CompletableFuture.runAsync(() -> {
		}, CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS));
	}

	private static WireEvent last(WireConnection connection, WireEvent.Type type) {
		return connection.events()
			.stream()
			.filter((event) -> event.type() == type)
			.reduce((first, second) -> second)
			.orElseThrow();
	}

}
