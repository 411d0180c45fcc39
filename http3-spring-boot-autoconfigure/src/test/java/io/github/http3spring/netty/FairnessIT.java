package io.github.http3spring.netty;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.http3spring.wire.EventLoops;
import io.github.http3spring.wire.Http3Frames;
import io.github.http3spring.wire.QuicFrames;
import io.github.http3spring.wire.RawConnection;
import io.netty.channel.EventLoopGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A client that keeps all its streams busy beside one that asks for little.
 */
class FairnessIT {

	private static final int PACKETS = 6;

	private static final int REQUESTS_PER_PACKET = 15;

	private final EventLoopGroup eventLoops = EventLoops.create(1, "raw-client");

	private final AtomicInteger started = new AtomicInteger();

	private final AtomicInteger startedBefore = new AtomicInteger(-1);

	private final CountDownLatch blocked = new CountDownLatch(1);

	private final CountDownLatch released = new CountDownLatch(1);

	@AfterEach
	void endEventLoops() {
		this.eventLoops.shutdownGracefully(0, 5, TimeUnit.SECONDS);
	}

	@Test
	void requestNeedNotWaitForAllOfAnotherConnection() throws Exception {
		HttpHandler handler = this::handle;
		try (TestServer server = TestServer.start((options) -> options.handler(handler), TestServer.ONE_WORKER);
				RawConnection busy = connect(server);
				RawConnection other = connect(server)) {
			get(other.send(request(0, "/block")));
			assertThat(this.blocked.await(10, TimeUnit.SECONDS)).isTrue();
			// All that follows waits in the socket, and is read from it together
			for (int packet = 0; packet < PACKETS; packet++) {
				ByteArrayOutputStream frames = new ByteArrayOutputStream();
				for (int number = 0; number < REQUESTS_PER_PACKET; number++) {
					frames.writeBytes(request(4L * (packet * REQUESTS_PER_PACKET + number), "/"));
				}
				get(busy.send(frames.toByteArray()));
			}
			get(other.send(request(4, "/other")));
			this.released.countDown();
			await().atMost(Duration.ofSeconds(20))
				.until(() -> this.started.get() == PACKETS * REQUESTS_PER_PACKET && this.startedBefore.get() >= 0);
			assertThat(this.startedBefore).hasValueLessThan(2 * REQUESTS_PER_PACKET);
		}
	}

	private RawConnection connect(TestServer server) throws Exception {
		return RawConnection.connect(server.address(), this.eventLoops.next(), 1 << 20);
	}

	private static byte[] request(long streamId, String path) {
		return QuicFrames.stream(streamId, 0, Http3Frames.headers("GET", "localhost", path, Map.of()), true);
	}

	private Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
		switch (request.getPath().value()) {
			case "/block" -> {
				this.blocked.countDown();
				awaitRelease();
			}
			case "/other" -> this.startedBefore.set(this.started.get());
			default -> this.started.incrementAndGet();
		}
		return response.setComplete();
	}

	private void awaitRelease() {
		try {
			assertThat(this.released.await(10, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
