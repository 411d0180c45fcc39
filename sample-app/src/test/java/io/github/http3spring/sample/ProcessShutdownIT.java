package io.github.http3spring.sample;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.ConnectionClosedException;
import io.github.http3spring.wire.StreamResetException;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireEvent;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The end of a real process, as its clients see it on the wire.
 */
class ProcessShutdownIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(15);

	private static final int SLOW_MILLIS = 2000;

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final CloseFrame CONNECTION_REFUSED = new CloseFrame(false, 0x02, "");

	private static final long REQUEST_REJECTED = 0x10b;

	private static final long REQUEST_CANCELLED = 0x10c;

	private static final long MAX_REQUEST_STREAM_ID = 4611686018427387900L;

	@ParameterizedTest
	@EnumSource
	void nothingIsLost(Trigger trigger) throws Exception {
		try (SampleProcess sample = SampleProcess.serve("--http3.server.shutdown.goaway-delay=300ms",
				"--http3.server.shutdown.linger=1s"); Workload workload = Workload.start(sample.udpAddress())) {
			TcpClient tcp = new TcpClient(sample.tcpPort());
			assertThat(altSvc(get(tcp.get("/hello")))).containsExactly("h3=\":" + sample.udpPort() + "\"; ma=86400");
			WireConnection operator = workload.connect();
			WireConnection reader = workload.connect();
			WireStream events = reader.get("/events");
			get(events.headersReceived());
			CompletableFuture<HttpResponse<String>> slowOverTcp = tcp.get("/slow?millis=" + SLOW_MILLIS);
			workload.sendSlowRequests(SLOW_MILLIS);

			LateComers late = new LateComers(workload, tcp);
			CompletableFuture<Long> slowAtEndOfIdle = workload.idle()
				.closed()
				.thenApply((frame) -> workload.slow().stream().filter((slow) -> slow.response().isDone()).count());
			trigger.pull(sample, tcp, operator);
			for (WireConnection connection : workload.downloadConnections()) {
				get(connection.goAway(2));
			}
			workload.resumeDownloads();

			for (WireStream slow : workload.slow()) {
				WireResponse response = get(slow.response());
				assertThat(response.status()).isEqualTo(200);
				assertThat(response.bodyAsString()).isEqualTo("done");
			}
			for (Workload.Download download : workload.downloads()) {
				get(download.stream().response());
				assertThat(download.isComplete()).as("%s is complete", download).isTrue();
			}
			assertThat(get(events.response()).bodyAsString()).contains("data:event 0").endsWith("\n\n");
			assertThat(get(slowAtEndOfIdle))
				.as("slow responses before the idle connection was closed: %s", workload.idle().events())
				.isZero();
			late.check();
			assertThat(get(slowOverTcp).body()).isEqualTo("done");

			assertThat(sample.awaitExit(Duration.ofSeconds(15))).isEqualTo(trigger.exitStatus);
			for (WireConnection connection : workload.slowConnections()) {
				assertShutDown(connection,
						(connection == late.early) ? Workload.NEXT_STREAM_ID + 4 : Workload.NEXT_STREAM_ID);
				assertServedUntilTheEnd(connection);
			}
			for (WireConnection connection : workload.downloadConnections()) {
				assertShutDown(connection, 4);
				assertServedUntilTheEnd(connection);
			}
			assertShutDown(workload.idle(), 0);
			assertShutDown(reader, 4);
			assertShutDown(operator, (trigger == Trigger.ACTUATOR_OVER_HTTP3) ? 4 : 0);
			assertThat(durationFromGoAwayToClose(workload.idle())).isBetween(Duration.ofMillis(250),
					Duration.ofSeconds(1));
			assertThat(sample.log()).contains("HTTP/3 shutdown started: 9 connections, 23 requests")
				.contains("HTTP/3 shutdown complete in ")
				.contains(
						"connections 9 completed, 0 at deadline, 0 closed by peer, 0 timed out, 0 vanished, 1 refused")
				.contains("requests 24 completed, 1 rejected, 0 cancelled")
				.doesNotContain("LEAK: ", " ERROR ", " WARN ");
		}
	}

	@Test
	void immediateShutdownClosesEveryConnectionAtOnce() throws Exception {
		try (SampleProcess sample = SampleProcess.serve("--server.shutdown=immediate");
				Workload workload = Workload.start(sample.udpAddress())) {
			workload.sendSlowRequests(60_000);
			long start = System.nanoTime();
			sample.terminate();
			workload.connections().forEach((connection) -> assertThat(get(connection.closed())).isEqualTo(NO_ERROR));
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
			workload.slowConnections()
				.forEach((connection) -> assertThat(connection.goAwayIds()).last().isEqualTo(Workload.NEXT_STREAM_ID));
			workload.downloadConnections()
				.forEach((connection) -> assertThat(connection.goAwayIds()).last().isEqualTo(4L));
			assertThat(workload.idle().goAwayIds()).last().isEqualTo(0L);
			assertThat(sample.awaitExit(Duration.ofSeconds(5))).isEqualTo(143);
			assertThat(sample.log()).doesNotContain("LEAK: ", " ERROR ");
		}
	}

	@Test
	void whatIsOpenAfterTheGracePeriodIsCutOff() throws Exception {
		try (SampleProcess sample = SampleProcess.serve("--http3.server.shutdown.grace-period=1s",
				"--http3.server.shutdown.event-streams=wait"); WireClient client = WireClient.create()) {
			WireConnection connection = get(client.connect(sample.udpAddress()));
			WireStream events = connection.get("/events");
			get(events.headersReceived());
			WireStream silent = connection.get("/slow?millis=60000");
			get(connection.get("/hello").response());
			long start = System.nanoTime();
			sample.terminate();
			assertReset(events, REQUEST_CANCELLED);
			assertThat(get(silent.response()).status()).isEqualTo(503);
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			assertThat(sample.awaitExit(Duration.ofSeconds(5))).isEqualTo(143);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(1000),
					Duration.ofMillis(2500));
			assertThat(connection.goAwayIds()).containsExactly(MAX_REQUEST_STREAM_ID, 12L);
			assertThat(sample.log()).contains("HTTP/3 shutdown incomplete in ")
				.contains("cut off at the deadline: GET /events from ")
				.contains("cut off at the deadline: GET /slow from ")
				.doesNotContain("LEAK: ", " ERROR ");
		}
	}

	private static void assertShutDown(WireConnection connection, long finalGoAway) {
		assertThat(connection.closed()).isCompletedWithValue(NO_ERROR);
		assertThat(connection.goAwayIds()).containsExactly(MAX_REQUEST_STREAM_ID, finalGoAway);
		assertThat(connection.events()).last().extracting(WireEvent::type).isEqualTo(WireEvent.Type.CONNECTION_CLOSE);
	}

	private static void assertServedUntilTheEnd(WireConnection connection) {
		assertThat(connection.events()).extracting(WireEvent::type)
			.containsSubsequence(WireEvent.Type.GOAWAY, WireEvent.Type.FIN)
			.filteredOn((type) -> type == WireEvent.Type.FIN || type == WireEvent.Type.CONNECTION_CLOSE)
			.endsWith(WireEvent.Type.FIN, WireEvent.Type.CONNECTION_CLOSE);
	}

	private static void assertReset(WireStream stream, long code) {
		assertThat(stream.response()).failsWithin(TIMEOUT)
			.withThrowableThat()
			.havingCause()
			.asInstanceOf(InstanceOfAssertFactories.throwable(StreamResetException.class))
			.extracting(StreamResetException::code)
			.isEqualTo(code);
	}

	private static Duration durationFromGoAwayToClose(WireConnection connection) {
		List<WireEvent> events = connection.events();
		long goAway = events.stream()
			.filter((event) -> event.type() == WireEvent.Type.GOAWAY)
			.findFirst()
			.orElseThrow()
			.nanos();
		return Duration.ofNanos(events.get(events.size() - 1).nanos() - goAway);
	}

	private static List<String> altSvc(HttpResponse<?> response) {
		return response.headers().allValues("alt-svc");
	}

	private static <T> T get(CompletableFuture<T> future) {
		assertThat(future).succeedsWithin(TIMEOUT);
		return future.join();
	}

	/**
	 * Clients that go on asking when the shutdown has started.
	 */
	private static final class LateComers {

		private final WireConnection early;

		private final CompletableFuture<WireResponse> afterFirstGoAway;

		private final CompletableFuture<WireStream> afterFinalGoAway;

		private final CompletableFuture<WireConnection> newConnection;

		private final CompletableFuture<List<String>> altSvc;

		LateComers(Workload workload, TcpClient tcp) {
			this.early = workload.slowConnections().get(0);
			this.afterFirstGoAway = this.early.goAway(1).thenCompose((id) -> this.early.get("/hello").response());
			WireConnection late = workload.slowConnections().get(1);
			this.afterFinalGoAway = late.goAway(2).thenApply((id) -> late.get("/hello"));
			this.newConnection = late.goAway(2).thenCompose((id) -> workload.tryToConnect());
			// TCP takes no new request once it shuts down, but that may be a moment later
			this.altSvc = this.early.goAway(1)
				.thenCompose((id) -> tcp.get("/hello"))
				.handle((response, ex) -> (response != null) ? altSvc(response) : List.of());
		}

		void check() {
			assertThat(get(this.afterFirstGoAway).bodyAsString()).isEqualTo("hello");
			assertReset(get(this.afterFinalGoAway), REQUEST_REJECTED);
			assertThat(this.newConnection).failsWithin(TIMEOUT)
				.withThrowableThat()
				.havingCause()
				.asInstanceOf(InstanceOfAssertFactories.throwable(ConnectionClosedException.class))
				.extracting(ConnectionClosedException::closeFrame)
				.isEqualTo(CONNECTION_REFUSED);
			assertThat(get(this.altSvc)).isSubsetOf("clear");
		}

	}

	/**
	 * Ways to ask a process to stop.
	 */
	enum Trigger {

		SIGTERM(143) {

			@Override
			void pull(SampleProcess sample, TcpClient tcp, WireConnection operator) {
				sample.terminate();
			}

		},

		ACTUATOR_OVER_TCP(0) {

			@Override
			void pull(SampleProcess sample, TcpClient tcp, WireConnection operator) {
				assertThat(get(tcp.post("/actuator/shutdown")).statusCode()).isEqualTo(200);
			}

		},

		ACTUATOR_OVER_HTTP3(0) {

			@Override
			void pull(SampleProcess sample, TcpClient tcp, WireConnection operator) {
				WireStream request = operator.request("POST", "/actuator/shutdown", Map.of());
				request.finish();
				assertThat(get(request.response()).status()).isEqualTo(200);
			}

		};

		private final int exitStatus;

		Trigger(int exitStatus) {
			this.exitStatus = exitStatus;
		}

		abstract void pull(SampleProcess sample, TcpClient tcp, WireConnection operator);

	}

}
