package io.github.http3spring.netty;

import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.net.ssl.X509TrustManager;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.github.http3spring.netty.tls.CertificateRefusals;
import io.github.http3spring.server.ConnectionSnapshot;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the log tells of connections at DEBUG.
 */
@Isolated("captures the log")
class ConnectionLogIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final String LOCAL = "/127\\.0\\.0\\.1:\\d+";

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.http3spring.connection");

	private final Lines lines = new Lines();

	@AutoClose
	private final WireClient client = WireClient.create();

	@BeforeEach
	void start() {
		this.lines.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
		this.lines.start();
		this.logger.addAppender(this.lines);
		this.logger.setLevel(Level.DEBUG);
		this.logger.setAdditive(false);
	}

	@AfterEach
	void stop() {
		this.logger.detachAppender(this.lines);
		this.logger.setLevel(null);
		this.logger.setAdditive(true);
	}

	@Test
	void shutdownOfAConnectionReadsAsAStory() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.goaway-delay=200ms");
				UdpProxy proxy = UdpProxy.to(server.address())) {
			WireConnection connection = get(this.client.connect(proxy.address()));
			get(connection.get("/hello").response());
			proxy.rebind();
			get(connection.get("/hello").response());
			await().atMost(TIMEOUT).until(() -> this.lines.contains("moved to"));
			ConnectionSnapshot snapshot = get(server.server().snapshot(0, 1)).connections().get(0);
			String id = snapshot.id();
			WireStream slow = connection.get("/slow?millis=1500");
			WireStream large = connection.get("/bytes/300000");
			server.awaitStarted(4);
			get(large.response());
			server.shutDown();
			get(connection.goAway(2));
			connection.get("/hello").response().exceptionally((ex) -> null).get(10, TimeUnit.SECONDS);
			get(slow.response());
			get(connection.closed());
			await().atMost(TIMEOUT).until(() -> this.lines.contains("ended:"));
			assertThat(this.lines.messages()).allMatch((line) -> line.startsWith("[" + id + "] "));
			assertThat(this.lines.ids()).containsOnly(id);
			List<String> story = this.lines.messages()
				.stream()
				.map((line) -> line.substring(id.length() + 3))
				.filter((line) -> !line.startsWith("flushing"))
				.toList();
			assertThat(story).satisfiesExactly((line) -> assertThat(line).matches("accepted from " + LOCAL),
					(line) -> assertThat(line).matches("handshake done after \\d+ ms"),
					(line) -> assertThat(line).isEqualTo("moved to " + snapshot.peer()),
					(line) -> assertThat(line).isEqualTo("first GOAWAY 4611686018427387900 sent, requests left: 1"),
					(line) -> assertThat(line).isEqualTo("final GOAWAY 16 sent, requests left: 1"),
					(line) -> assertThat(line).isEqualTo("request 16 rejected"),
					(line) -> assertThat(line).isEqualTo("request 8 ended, requests left: 0"),
					(line) -> assertThat(line).isEqualTo("CONNECTION_CLOSE 0x100 sent"),
					(line) -> assertThat(line).isEqualTo("closing period over"),
					(line) -> assertThat(line).matches("ended: completed, after \\d+ ms and 4 requests"));
		}
	}

	@Test
	void flushingIsToldWhileAResponseIsOnItsWay() throws Exception {
		try (TestServer server = TestServer.start(); UdpProxy proxy = UdpProxy.to(server.address())) {
			proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(100), Duration.ZERO);
			WireConnection connection = get(this.client.connect(proxy.address()));
			WireStream slow = connection.get("/slow?millis=1500");
			server.awaitStarted(1);
			server.shutDown();
			get(slow.response());
			get(connection.closed());
			assertThat(this.lines.events()).containsSubsequence("request 0 ended, requests left: 0",
					"flushing, responses not acknowledged: 1, time to read: 0 ms", "CONNECTION_CLOSE 0x100 sent");
		}
	}

	@Test
	void deadlineAndRefusalAreTold() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.grace-period=1s")) {
			WireConnection connection = get(this.client.connect(server.address()));
			connection.get("/never");
			server.awaitStarted(1);
			server.shutDown();
			get(connection.goAway(1));
			this.client.connect(server.address()).exceptionally((ex) -> null).get(10, TimeUnit.SECONDS);
			get(connection.closed());
			await().atMost(TIMEOUT).until(() -> this.lines.contains("ended: deadline"));
			assertThat(this.lines.events())
				.anySatisfy(
						(line) -> assertThat(line).matches("refused, the server is shutting down; came from " + LOCAL))
				.contains("time is over, requests left: 1, responses not acknowledged: 0");
		}
	}

	@Test
	void closingPeriodIsWaitedForAlthoughTheCodecClosedTheConnectionWhileTheCloseWaitedForRoom() throws Exception {
		try (TestServer server = TestServer.start("http3.server.shutdown.grace-period=300ms");
				UdpProxy proxy = UdpProxy.to(server.address())) {
			WireConnection connection = get(this.client.connect(proxy.address()));
			get(connection.get("/bytes/50000000").headersReceived());
			server.shutDown();
			proxy.drop(Direction.TO_SERVER, 1);
			await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(5)).until(() -> this.lines.contains("time is over"));
			proxy.drop(Direction.TO_SERVER, 0);
			// Another control stream, which the codec closes the connection for
			connection.rawUnidirectional(new byte[] { 0x00, 0x04, 0x00 });
			await().atMost(TIMEOUT)
				.until(() -> this.lines.contains("closing period over") && this.lines.contains("ended:"));
			assertThat(this.lines.events()).last().asString().startsWith("ended: deadline");
		}
	}

	@Test
	void endByThePeerIsTold() throws Exception {
		try (TestServer server = TestServer.start()) {
			WireConnection connection = get(this.client.connect(server.address()));
			get(connection.get("/hello").response());
			connection.close();
			await().atMost(TIMEOUT).until(() -> this.lines.contains("ended: peer closed"));
			assertThat(this.lines.events())
				.anySatisfy((line) -> assertThat(line).matches("CONNECTION_CLOSE 0x\\p{XDigit}+ received"));
		}
	}

	@ParameterizedTest
	@MethodSource("refusals")
	void certificateThatAClientRefusesIsToldByItsAlertAndOnceWhatToDo(CertificateException refusal, String alert,
			String remedy) throws Exception {
		Logger hints = (Logger) LoggerFactory.getLogger(CertificateRefusals.class);
		Lines told = new Lines();
		told.start();
		hints.addAppender(told);
		WireOptions options = WireOptions.defaults().withTrustManager(new Refusing(refusal));
		try (TestServer server = TestServer.start(); WireClient refusing = WireClient.create(options)) {
			for (int connection = 1; connection <= 3; connection++) {
				int number = connection;
				assertThat(refusing.connect(server.address())).failsWithin(TIMEOUT);
				await().atMost(TIMEOUT).until(() -> this.lines.count("ended: ") == number);
			}
			assertThat(this.lines.count("received, TLS alert " + alert)).isEqualTo(3);
			assertThat(told.messages()).singleElement()
				.asString()
				.startsWith(
						"A client has refused the certificate of the HTTP/3 server, with the TLS alert " + alert + ": ")
				.contains(remedy);
			assertThat(get(get(this.client.connect(server.address())).get("/hello").response()).status())
				.isEqualTo(200);
		}
		finally {
			hints.detachAppender(told);
		}
	}

	static Stream<Arguments> refusals() {
		return Stream.of(
				Arguments.of(new CertificateException("as the test wants it"), "internal_error",
						"docs/local-certificates.md"),
				Arguments.of(new CertificateExpiredException("as the test wants it"), "certificate_expired", "clock"));
	}

	@Test
	void nothingIsToldUnlessAsked() throws Exception {
		this.logger.setLevel(Level.INFO);
		try (TestServer server = TestServer.start()) {
			WireResponse response = get(get(this.client.connect(server.address())).get("/hello").response());
			assertThat(response.bodyAsString()).isEqualTo("hello");
		}
		assertThat(this.lines.messages()).isEmpty();
	}

	/**
	 * Trusts no certificate.
	 */
	private record Refusing(CertificateException refusal) implements X509TrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
			throw this.refusal;
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
			throw this.refusal;
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

	/**
	 * Keeps what is logged.
	 */
	private static final class Lines extends AppenderBase<ILoggingEvent> {

		private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

		@Override
		protected void append(ILoggingEvent event) {
			event.prepareForDeferredProcessing();
			this.events.add(event);
		}

		List<String> messages() {
			return this.events.stream().map(ILoggingEvent::getFormattedMessage).toList();
		}

		/**
		 * Return the messages without the identifier of their connection.
		 */
		List<String> events() {
			return messages().stream().map((line) -> line.substring(line.indexOf("] ") + 2)).toList();
		}

		List<String> ids() {
			return this.events.stream().map((event) -> event.getMDCPropertyMap().get("http3.connection.id")).toList();
		}

		long count(String part) {
			return messages().stream().filter((line) -> line.contains(part)).count();
		}

		boolean contains(String text) {
			return messages().stream().anyMatch((line) -> line.contains(text));
		}

	}

}
