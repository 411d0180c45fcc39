package io.github.http3spring.netty;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.ConnectionClosedException;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.StreamResetException;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import org.springframework.web.server.adapter.HttpWebHandlerAdapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What clients see of a shutdown, once with this project and once with Reactor Netty
 * alone, as a table.
 */
class PlainReactorNettyComparisonIT {

	private static final Log logger = LogFactory.getLog(PlainReactorNettyComparisonIT.class);

	private static final Duration GRACE_PERIOD = Duration.ofSeconds(20);

	private static final Duration SHORT_GRACE_PERIOD = Duration.ofSeconds(2);

	/**
	 * Silence after which the client gives a connection up.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private static final WireOptions OPTIONS = WireOptions.defaults()
		.withMaxIdleTimeout(PATIENCE)
		.withConnectTimeout(PATIENCE);

	private static final long REQUEST_CANCELLED = 0x10c;

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final String COMPLETE = "complete";

	private static final String REJECTED = "rejected with 0x10b";

	private static final String RESET = "reset with 0x10c";

	private static final String UNAVAILABLE = "status 503";

	private static final String REFUSED = "refused with 0x02";

	/**
	 * Spring's own, which reports each request that is cut off.
	 */
	private final Logger handlerLogger = (Logger) LoggerFactory.getLogger(HttpWebHandlerAdapter.class);

	@BeforeEach
	void logNoFailures() {
		this.handlerLogger.setLevel(Level.OFF);
	}

	@AfterEach
	void logFailures() {
		this.handlerLogger.setLevel(null);
	}

	@Test
	void noCaseIsLostOnOurSide() throws Exception {
		Map<String, Case> cases = cases();
		// Much waiting on the one side, much work on the other
		ExecutorService waiting = Executors.newFixedThreadPool(cases.size());
		ExecutorService working = Executors.newFixedThreadPool(5);
		try {
			Map<String, Future<Outcome>> plain = new LinkedHashMap<>();
			Map<String, Future<Outcome>> ours = new LinkedHashMap<>();
			cases.forEach((name, test) -> {
				plain.put(name, waiting.submit(() -> run(PlainSubject::new, test)));
				ours.put(name, working.submit(() -> run(StarterSubject::new, test)));
			});
			StringBuilder table = new StringBuilder("\n| case | plain Reactor Netty | this starter |\n|---|---|---|\n");
			for (String name : cases.keySet()) {
				table.append("| %s | %s | %s |%n".formatted(name, get(plain.get(name)), get(ours.get(name))));
			}
			logger.info(table);
			cases.forEach((name, test) -> assertOurs(name, test, ours.get(name)));
		}
		finally {
			waiting.shutdownNow();
			working.shutdownNow();
			assertThat(waiting.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
			assertThat(working.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
		}
	}

	private Map<String, Case> cases() {
		Map<String, Case> cases = new LinkedHashMap<>();
		cases.put("4 requests that take 1 s", new Case(this::slowRequests, 4, COMPLETE));
		cases.put("1 MB response in flight", new Case((run) -> download(run, 1_000_000), 1, COMPLETE));
		cases.put("8 MB response in flight", new Case((run) -> download(run, 8_000_000), 1, COMPLETE));
		cases.put("1 MB response in flight, 5 % loss", new Case(this::lossyDownload, 1, COMPLETE));
		cases.put("204, HEAD, empty body, trailers after 1 s", new Case(this::withoutBody, 4, COMPLETE));
		cases.put("upload in flight", new Case((run) -> upload(run, 1_000_000), 1, COMPLETE));
		cases.put("upload larger than the window", new Case((run) -> upload(run, 3_000_000), 1, COMPLETE));
		cases.put("upload that goes on after its response", new Case(this::uploadAfterResponse, 1, COMPLETE));
		cases.put("upload that the client resets", new Case(this::uploadReset, 0, ""));
		cases.put("response that the client stops", new Case(this::responseStopped, 0, ""));
		cases.put("first request overtaken by the second", new Case(this::gap, 1, COMPLETE));
		cases.put("client that grants no credit for GOAWAY", new Case(this::goAwayHeldUp, 1, COMPLETE));
		cases.put("client whose NAT rebinds", new Case(this::rebinding, 1, COMPLETE));
		cases.put("Server-Sent Events", new Case(this::events, 1, COMPLETE));
		cases.put("request 300 ms later, while another one is open", new Case(this::late, 1, REJECTED));
		cases.put("new connection 300 ms later", new Case(this::newConnection, 1, REFUSED));
		cases.put("10 new connections 300 ms later, 5 % loss", new Case(this::lossyNewConnections, 10, REFUSED));
		cases.put("handshake under way", new Case(this::handshake, 1, "accepted and closed with 0x100"));
		cases.put("idle connection", new Case(this::idle, 0, ""));
		cases.put("endless response, 2 s grace", new Case(this::endless, 1, RESET).cutOff());
		cases.put("no response yet, 2 s grace", new Case(this::never, 1, UNAVAILABLE).cutOff());
		cases.put("handler that ignores cancellation, 2 s grace", new Case(this::stubborn, 1, UNAVAILABLE).cutOff());
		cases.put("client that reads nothing, 2 s grace", new Case(this::reader, 0, "").cutOff());
		cases.put("client that has vanished, 2 s grace", new Case(this::vanished, 0, "").cutOff().unreachable());
		return cases;
	}

	private static void assertOurs(String name, Case test, Future<Outcome> future) {
		Outcome outcome = get(future);
		assertThat(outcome.results()).as(name).hasSize(test.requests()).allMatch(test.expected()::equals);
		assertThat(outcome.close()).as(name).isEqualTo(test.reachable() ? NO_ERROR : null);
	}

	private void slowRequests(Run run) throws Exception {
		WireConnection connection = run.connect();
		List<WireStream> requests = new ArrayList<>();
		for (int number = 0; number < 4; number++) {
			requests.add(connection.get("/slow?millis=1000"));
		}
		run.awaitStarted(4);
		run.shutDown();
		for (WireStream request : requests) {
			run.note(request, 4);
		}
	}

	private void download(Run run, int size) throws Exception {
		for (Direction direction : Direction.values()) {
			run.proxy.delay(direction, Duration.ofMillis(10), Duration.ZERO);
		}
		WireStream download = run.connect().get("/bytes/" + size);
		download.headersReceived().get(10, TimeUnit.SECONDS);
		run.shutDown();
		run.note(download, size);
	}

	private void lossyDownload(Run run) throws Exception {
		for (Direction direction : Direction.values()) {
			run.proxy.drop(direction, 0.05);
		}
		download(run, 1_000_000);
	}

	private void withoutBody(Run run) throws Exception {
		WireConnection connection = run.connect();
		WireStream noContent = connection.get("/empty?after=1000");
		WireStream head = connection.request("HEAD", "/hello?after=1000", Map.of());
		head.finish();
		WireStream empty = connection.get("/bytes/0?after=1000");
		WireStream trailers = connection.get("/trailers?after=1000");
		run.awaitStarted(4);
		run.shutDown();
		run.note(noContent, (response) -> response.status() == 204);
		run.note(head, 0);
		run.note(empty, 0);
		run.note(trailers, (response) -> response.trailers().containsKey("checksum"));
	}

	private void upload(Run run, int size) throws Exception {
		WireStream upload = run.connect().request("POST", "/count", Map.of());
		upload.writePattern(1000).get(10, TimeUnit.SECONDS);
		run.awaitStarted(1);
		run.shutDown();
		run.pause();
		upload.writePattern(size - 1000);
		upload.finish();
		run.note(upload, String.valueOf(size).length());
	}

	private void uploadAfterResponse(Run run) throws Exception {
		WireStream upload = run.connect().request("POST", "/early-slow", Map.of());
		upload.writePattern(1000).get(10, TimeUnit.SECONDS);
		run.awaitStarted(1);
		run.shutDown();
		run.note(upload, (response) -> response.status() == 413);
		upload.writePattern(1_000_000);
	}

	private void uploadReset(Run run) throws Exception {
		WireStream upload = run.connect().request("POST", "/count", Map.of());
		upload.writePattern(1000).get(10, TimeUnit.SECONDS);
		run.awaitStarted(1);
		run.shutDown();
		run.pause();
		upload.reset(REQUEST_CANCELLED);
	}

	private void responseStopped(Run run) throws Exception {
		WireStream response = run.connect().get("/start-only");
		response.headersReceived().get(10, TimeUnit.SECONDS);
		run.shutDown();
		run.pause();
		response.stopSending(REQUEST_CANCELLED);
	}

	private void gap(Run run) throws Exception {
		for (Direction direction : Direction.values()) {
			run.proxy.delay(direction, Duration.ofMillis(50), Duration.ZERO);
		}
		WireConnection connection = run.connect();
		WireStream first = connection.openSilently();
		connection.get("/hello").response().get(10, TimeUnit.SECONDS);
		run.shutDown();
		run.pause();
		first.headers("GET", "/hello", Map.of());
		first.finish();
		run.note(first, "hello".length());
	}

	private void goAwayHeldUp(Run run) throws Exception {
		WireConnection connection = run.connect(OPTIONS.withWindows(1 << 20, 8).withAwaitSettings(false));
		connection.pauseServerStreams();
		WireStream slow = connection.get("/slow?millis=1000");
		run.awaitStarted(1);
		run.shutDown();
		run.note(slow, "done".length());
	}

	private void rebinding(Run run) throws Exception {
		WireConnection connection = run.connect();
		WireStream slow = connection.get("/slow?millis=1500");
		run.awaitStarted(1);
		run.shutDown();
		run.pause();
		run.proxy.rebind();
		// Nobody learns of the new address before the client sends something
		connection.get("/hello");
		run.note(slow, "done".length());
	}

	private void events(Run run) throws Exception {
		WireStream events = run.connect().request("GET", "/events", Map.of("accept", "text/event-stream"));
		events.finish();
		events.headersReceived().get(10, TimeUnit.SECONDS);
		run.shutDown();
		run.note(events, (response) -> response.bodyAsString().endsWith("\n\n"));
	}

	private void late(Run run) throws Exception {
		WireConnection connection = run.connect();
		connection.get("/slow?millis=1500");
		run.awaitStarted(1);
		run.shutDown();
		run.pause();
		run.note(connection.get("/hello"), "hello".length());
	}

	private void newConnection(Run run) throws Exception {
		run.connect().get("/slow?millis=1500");
		run.awaitStarted(1);
		run.shutDown();
		run.pause();
		run.noteConnection(run.client.connect(run.proxy.address()));
	}

	private void lossyNewConnections(Run run) throws Exception {
		run.connect().get("/slow?millis=1500");
		run.awaitStarted(1);
		run.shutDown();
		run.pause();
		for (Direction direction : Direction.values()) {
			run.proxy.drop(direction, 0.05);
		}
		List<CompletableFuture<WireConnection>> attempts = new ArrayList<>();
		for (int number = 0; number < 10; number++) {
			attempts.add(run.client.connect(run.proxy.address()));
		}
		for (CompletableFuture<WireConnection> attempt : attempts) {
			run.noteConnection(attempt);
		}
	}

	private void handshake(Run run) throws Exception {
		run.connect();
		for (Direction direction : Direction.values()) {
			run.proxy.delay(direction, Duration.ofMillis(50), Duration.ZERO);
		}
		// Done for the client, not for the server
		CompletableFuture<WireConnection> attempt = run.client(OPTIONS.withAwaitSettings(false))
			.connect(run.proxy.address());
		attempt.get(10, TimeUnit.SECONDS);
		run.shutDown();
		run.noteConnection(attempt);
	}

	private void idle(Run run) throws Exception {
		run.connect();
		run.shutDown();
	}

	private void endless(Run run) throws Exception {
		WireStream endless = run.connect().get("/start-only");
		endless.headersReceived().get(10, TimeUnit.SECONDS);
		run.shutDown();
		run.note(endless, -1);
	}

	private void never(Run run) throws Exception {
		noAnswer(run, "/never");
	}

	private void stubborn(Run run) throws Exception {
		noAnswer(run, "/stubborn");
	}

	private void noAnswer(Run run, String path) throws Exception {
		WireStream request = run.connect().get(path);
		run.awaitStarted(1);
		run.shutDown();
		run.note(request, -1);
	}

	private void reader(Run run) throws Exception {
		WireStream download = run.connect(OPTIONS.withWindows(16 << 20, 20_000)).openSilently();
		download.pauseReading();
		download.headers("GET", "/bytes/1000000", Map.of()).finish();
		run.awaitStarted(1);
		run.shutDown();
	}

	private void vanished(Run run) throws Exception {
		run.connect().get("/never");
		run.awaitStarted(1);
		for (Direction direction : Direction.values()) {
			run.proxy.dropAll(direction);
		}
		run.shutDown();
	}

	private static Outcome run(SubjectFactory factory, Case test) throws Exception {
		try (Subject subject = factory.start(test.gracePeriod());
				UdpProxy proxy = UdpProxy.to(subject.address(), 5);
				Run run = new Run(subject, proxy)) {
			test.scenario().play(run);
			return run.outcome();
		}
	}

	private static <T> T get(Future<T> future) {
		try {
			return future.get(60, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * What is done, and what becomes of each request on our side.
	 */
	private record Case(Duration gracePeriod, Scenario scenario, int requests, String expected, boolean reachable) {

		Case(Scenario scenario, int requests, String expected) {
			this(GRACE_PERIOD, scenario, requests, expected, true);
		}

		/**
		 * Return the case with a grace period that is not enough.
		 */
		Case cutOff() {
			return new Case(SHORT_GRACE_PERIOD, this.scenario, this.requests, this.expected, this.reachable);
		}

		/**
		 * Return the case of a client that nothing reaches any more.
		 */
		Case unreachable() {
			return new Case(this.gracePeriod, this.scenario, this.requests, this.expected, false);
		}

	}

	@FunctionalInterface
	private interface Scenario {

		void play(Run run) throws Exception;

	}

	@FunctionalInterface
	private interface SubjectFactory {

		Subject start(Duration gracePeriod);

	}

	/**
	 * A case on one of the servers.
	 */
	private static final class Run implements AutoCloseable {

		private final Subject subject;

		private final UdpProxy proxy;

		private final List<WireClient> clients = new ArrayList<>();

		private final WireClient client = client(OPTIONS);

		private final List<String> results = new ArrayList<>();

		private WireConnection connection;

		private CompletableFuture<Duration> stopped;

		private volatile long start;

		private CompletableFuture<Duration> end;

		Run(Subject subject, UdpProxy proxy) {
			this.subject = subject;
			this.proxy = proxy;
		}

		private WireClient client(WireOptions options) {
			WireClient client = WireClient.create(options);
			this.clients.add(client);
			return client;
		}

		WireConnection connect() throws Exception {
			return connect(this.client);
		}

		WireConnection connect(WireOptions options) throws Exception {
			return connect(client(options));
		}

		private WireConnection connect(WireClient client) throws Exception {
			this.connection = client.connect(this.proxy.address()).get(10, TimeUnit.SECONDS);
			this.end = this.connection.closed().handle((close, ex) -> elapsed());
			return this.connection;
		}

		void awaitStarted(int requests) {
			await().atMost(Duration.ofSeconds(10)).until(() -> this.subject.started() >= requests);
		}

		void shutDown() {
			this.start = System.nanoTime();
			this.stopped = this.subject.shutDown().handle((result, ex) -> elapsed());
		}

		void pause() {
			await().pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(10))
				.during(Duration.ofMillis(300))
				.until(() -> true);
		}

		private Duration elapsed() {
			return Duration.ofNanos(System.nanoTime() - this.start);
		}

		/**
		 * Note what becomes of a request.
		 * @param size the number of bytes in the response
		 */
		void note(WireStream stream, int size) throws Exception {
			note(stream, (response) -> response.status() == 200 && response.bodyLength() == size);
		}

		/**
		 * Note what becomes of a request.
		 * @param complete tells a complete response
		 */
		void note(WireStream stream, Predicate<WireResponse> complete) throws Exception {
			try {
				WireResponse response = stream.response().get(30, TimeUnit.SECONDS);
				if (complete.test(response)) {
					this.results.add(COMPLETE);
				}
				else {
					this.results.add((response.status() != 200) ? "status " + response.status()
							: "ends after " + bytes(response.bodyLength()));
				}
			}
			catch (ExecutionException ex) {
				if (ex.getCause() instanceof StreamResetException reset) {
					this.results
						.add((reset.code() == 0x10b) ? REJECTED : "reset with 0x" + Long.toHexString(reset.code()));
				}
				else {
					this.results.add((stream.bytesReceived() > 0) ? "cut off after " + bytes(stream.bytesReceived())
							: "no response");
				}
			}
		}

		private static String bytes(long count) {
			return String.format(Locale.ROOT, "%,d bytes", count);
		}

		/**
		 * Note what becomes of an attempt to connect.
		 */
		void noteConnection(CompletableFuture<WireConnection> attempt) throws Exception {
			CloseFrame close = attempt.thenCompose(WireConnection::closed)
				.exceptionally((ex) -> (ex.getCause() instanceof ConnectionClosedException closed) ? closed.closeFrame()
						: null)
				.get(30, TimeUnit.SECONDS);
			if (close == null) {
				this.results.add("no answer");
			}
			else {
				this.results.add((close.application() ? "accepted and closed" : "refused")
						+ " with 0x%02x".formatted(close.errorCode()));
			}
		}

		@Override
		public void close() {
			this.clients.forEach(WireClient::close);
		}

		Outcome outcome() throws Exception {
			CloseFrame close = null;
			try {
				close = this.connection.closed().get(30, TimeUnit.SECONDS);
			}
			catch (ExecutionException ex) {
				// The client gave up
			}
			return new Outcome(this.results, this.connection.goAwayIds().size(), close,
					this.end.get(30, TimeUnit.SECONDS), this.stopped.get(30, TimeUnit.SECONDS));
		}

	}

	/**
	 * What a client has seen.
	 */
	private record Outcome(List<String> results, int goAways, CloseFrame close, Duration end, Duration stopped) {

		@Override
		public String toString() {
			List<String> parts = new ArrayList<>();
			this.results.stream().distinct().forEach((result) -> {
				long count = this.results.stream().filter(result::equals).count();
				parts.add((this.results.size() > 1) ? count + " of " + this.results.size() + " " + result : result);
			});
			parts.add((this.goAways > 0) ? this.goAways + " GOAWAY" : "no GOAWAY");
			parts.add((this.close != null) ? "close 0x%x after %s".formatted(this.close.errorCode(), seconds(this.end))
					: "no close");
			parts.add("done after " + seconds(this.stopped));
			return String.join(", ", parts);
		}

		private static String seconds(Duration duration) {
			return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
		}

	}

	/**
	 * A server that can be shut down.
	 */
	private interface Subject extends AutoCloseable {

		InetSocketAddress address();

		int started();

		CompletableFuture<?> shutDown();

		@Override
		void close();

	}

	private static final class PlainSubject implements Subject {

		private final PlainReactorNettyServer server = PlainReactorNettyServer.start(Duration.ofSeconds(30));

		private final Duration gracePeriod;

		PlainSubject(Duration gracePeriod) {
			this.gracePeriod = gracePeriod;
		}

		@Override
		public InetSocketAddress address() {
			return this.server.address();
		}

		@Override
		public int started() {
			return this.server.started();
		}

		@Override
		public CompletableFuture<?> shutDown() {
			return this.server.shutDown(this.gracePeriod);
		}

		@Override
		public void close() {
			this.server.close();
		}

	}

	private static final class StarterSubject implements Subject {

		private final TestServer server;

		StarterSubject(Duration gracePeriod) {
			this.server = TestServer.start(TestServer.Options::completeEventStreams,
					"http3.server.shutdown.grace-period=" + gracePeriod);
		}

		@Override
		public InetSocketAddress address() {
			return this.server.address();
		}

		@Override
		public int started() {
			return this.server.started();
		}

		@Override
		public CompletableFuture<?> shutDown() {
			return this.server.shutDown();
		}

		@Override
		public void close() {
			this.server.close();
		}

	}

}
