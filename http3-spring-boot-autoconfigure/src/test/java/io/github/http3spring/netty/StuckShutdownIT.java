package io.github.http3spring.netty;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.server.ShutdownVerdict;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.GracefulShutdownResult;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Shutdowns that something holds up, and what the log says of it.
 */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("captures the output")
class StuckShutdownIT {

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	@AutoClose
	private final WireClient client = WireClient.create();

	@Test
	void requestsThatAreWaitedForAreNamedEveryFewSeconds(CapturedOutput output) throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			connection.get("/never?secret=1");
			connection.get("/slow?millis=1000");
			server.awaitStarted(2);
			server.shutDown();
			await().atMost(Duration.ofSeconds(15)).until(() -> output.getOut().contains("HTTP/3 shutdown waits"));
			assertThat(output.getOut().lines().filter((line) -> line.contains("HTTP/3 shutdown waits"))).singleElement()
				.asString()
				.contains("for 1 connections and 1 requests, longest: GET /never from /127.0.0.1:")
				.doesNotContain("secret");
		}
	}

	@Test
	void uploadThatIsCutOffIsNoErrorInTheLog(CapturedOutput output) throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.grace-period=300ms")) {
			WireStream upload = connect(server).request("POST", "/count", Map.of());
			upload.write(new byte[1000]);
			server.awaitStarted(1);
			assertThat(server.shutDown().get(10, TimeUnit.SECONDS)).isEqualTo(GracefulShutdownResult.REQUESTS_ACTIVE);
			assertThat(upload.response().get(10, TimeUnit.SECONDS).status()).isEqualTo(503);
		}
		assertThat(output.getOut()).contains("cut off at the deadline: POST /count").doesNotContain("ERROR");
	}

	@Test
	void blockedEventLoopHoldsNothingUpForLongerThanASecondAfterTheGracePeriod(CapturedOutput output) throws Exception {
		Duration gracePeriod = Duration.ofMillis(500);
		try (TestServer server = TestServer.start("http3.server.shutdown.grace-period=" + gracePeriod,
				TestServer.ONE_WORKER)) {
			connect(server);
			connect(server).get("/block");
			server.awaitStarted(1);
			long start = System.nanoTime();
			CompletableFuture<GracefulShutdownResult> result = server.shutDown();
			assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo(GracefulShutdownResult.REQUESTS_ACTIVE);
			server.stop();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(gracePeriod, gracePeriod.plusSeconds(1));
			ShutdownVerdict verdict = server.verdict();
			assertThat(verdict.connections().atDeadline()).isEqualTo(2);
			assertThat(verdict.requests().cancelled()).isOne();
			assertThat(verdict.isLossless()).isFalse();
			assertThat(output.getOut()).contains("the event loop does not answer").contains("TestServer.block");
		}
	}

	@Test
	void eventLoopThatIsLateForTheShutdownIsNotLateForItsEnd(CapturedOutput output) throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.grace-period=1s", TestServer.ONE_WORKER)) {
			WireConnection connection = connect(server);
			connection.get("/never");
			connection.get("/block?millis=1100");
			server.awaitStarted(2);
			assertThat(get(server.shutDown())).isEqualTo(GracefulShutdownResult.REQUESTS_ACTIVE);
			assertThat(server.verdict().stuckRequests()).hasSize(1);
			assertThat(output.getOut()).doesNotContain("the event loop does not answer");
		}
	}

	@Test
	void eventLoopThatHasNotBegunWithTheShutdownAfterASecondIsWarnedOf(CapturedOutput output) throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = connect(server);
			WireStream blocked = connection.get("/block?millis=1500");
			server.awaitStarted(1);
			assertThat(get(server.shutDown())).isEqualTo(GracefulShutdownResult.IDLE);
			assertThat(get(blocked.response()).status()).isEqualTo(200);
			assertThat(output.getOut()).contains("HTTP/3 shutdown waits for its event loop")
				.contains("TestServer.block");
		}
	}

	@Test
	void shutdownOnTheEventLoopCutsEverythingOffInOrderAndDoesNotWait(CapturedOutput output) throws Exception {
		try (TestServer server = TestServer.start(TestServer.ONE_WORKER)) {
			WireConnection busy = connect(server);
			WireStream unanswered = busy.get("/never");
			WireStream begun = busy.get("/start-only");
			get(begun.headersReceived());
			WireConnection idle = connect(server);
			server.awaitStarted(2);
			Duration duration = get(CompletableFuture.supplyAsync(() -> {
				long start = System.nanoTime();
				assertThat(server.shutDown()).isCompletedWithValue(GracefulShutdownResult.REQUESTS_ACTIVE);
				server.stop();
				return Duration.ofNanos(System.nanoTime() - start);
			}, server.eventLoop()));
			assertThat(duration).isLessThan(Duration.ofSeconds(1));
			assertThat(get(unanswered.response()).status()).isEqualTo(503);
			assertThat(get(busy.closed())).isEqualTo(NO_ERROR);
			assertThat(get(idle.closed())).isEqualTo(NO_ERROR);
			assertThat(busy.goAwayIds()).endsWith(8L);
			ShutdownVerdict verdict = server.verdict();
			assertThat(verdict.connections().atDeadline()).isOne();
			assertThat(verdict.connections().completed()).isOne();
			assertThat(verdict.requests().cancelled()).isEqualTo(2);
			assertThat(output.getOut()).contains("the application is ended on their event loop")
				.containsOnlyOnce("HTTP/3 shutdown incomplete");
		}
	}

	@Test
	void blockedEventLoopDoesNotHoldAnImmediateStopUp() throws Exception {
		try (TestServer server = TestServer.start("server.shutdown=immediate")) {
			connect(server).get("/block");
			server.awaitStarted(1);
			long start = System.nanoTime();
			server.stop();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
			assertThat(server.verdict().requests().cancelled()).isOne();
		}
	}

	private WireConnection connect(TestServer server) throws Exception {
		return get(this.client.connect(server.address()));
	}

}
