package io.github.http3spring.sample;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.time.Duration;

import io.github.http3spring.wire.BodyPattern;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.tcp.SslProvider;
import reactor.test.StepVerifier;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.web.reactive.server.FluxExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the endpoints of the sample, over TCP.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class SampleApplicationTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	@LocalServerPort
	private int port;

	private WebTestClient client;

	@BeforeEach
	void createClient() {
		this.client = client(HttpProtocol.H2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "abc", "1.5", "9223372036854775808", "-1" })
	void bytesRejectsCountThatIsNoWholeNumberFromZero(String count) {
		this.client.get().uri("/bytes/{count}", count).exchange().expectStatus().isBadRequest();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 250, 251, 252, 16_314, 16_315, 16_316, 1_000_003 })
	void bytesSendsExactlyThePattern(int count) {
		FluxExchangeResult<DataBuffer> result = getBytes(count);
		HttpHeaders headers = result.getResponseHeaders();
		assertThat(headers.getContentLength()).isEqualTo(count);
		assertThat(headers.getContentType()).isEqualTo(MediaType.APPLICATION_OCTET_STREAM);
		assertThat(collect(result.getResponseBody())).isEqualTo(BodyPattern.bytes(count));
	}

	@Test
	void bytesAnnouncesAndStartsBodyThatFitsInNoMemory() {
		long count = 1L << 40;
		FluxExchangeResult<DataBuffer> result = getBytes(count);
		assertThat(result.getResponseHeaders().getContentLength()).isEqualTo(count);
		byte[] start = collect(DataBufferUtils.takeUntilByteCount(result.getResponseBody(), 5_000_000));
		assertThat(start).isEqualTo(BodyPattern.bytes(5_000_000));
	}

	@Test
	void helloSaysHello() {
		this.client.get().uri("/hello").exchange().expectStatus().isOk().expectBody(String.class).isEqualTo("hello");
	}

	@Test
	void slowAnswersAfterTheGivenTime() {
		long start = System.nanoTime();
		this.client.get().uri("/slow?millis=300").exchange().expectBody(String.class).isEqualTo("done");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(300), TIMEOUT);
	}

	@Test
	void slowTakesOneSecondByDefault() {
		long start = System.nanoTime();
		this.client.get().uri("/slow").exchange().expectBody(String.class).isEqualTo("done");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(1), TIMEOUT);
	}

	@Test
	void echoStreamsTheBodyBack() {
		byte[] body = BodyPattern.bytes(3_000_001);
		FluxExchangeResult<DataBuffer> result = this.client.post()
			.uri("/echo")
			.contentType(MediaType.IMAGE_PNG)
			.body(chunks(body), DataBuffer.class)
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentType(MediaType.IMAGE_PNG)
			.returnResult(DataBuffer.class);
		assertThat(collect(result.getResponseBody())).isEqualTo(body);
	}

	@Test
	void echoOfNothingIsEmpty() {
		this.client.post().uri("/echo").exchange().expectStatus().isOk().expectBody().isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 3_000_001 })
	void countTellsTheNumberOfBytesOfTheBody(int count) {
		this.client.post()
			.uri("/count")
			.body(chunks(BodyPattern.bytes(count)), DataBuffer.class)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.isEqualTo(String.valueOf(count));
	}

	@Test
	void eventsGoOn() {
		Flux<ServerSentEvent<String>> events = this.client.get()
			.uri("/events")
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentTypeCompatibleWith(MediaType.TEXT_EVENT_STREAM)
			.returnResult(new ParameterizedTypeReference<ServerSentEvent<String>>() {
			})
			.getResponseBody();
		StepVerifier.create(events.map(ServerSentEvent::data))
			.expectNext("event 0", "event 1", "event 2")
			.thenCancel()
			.verify(TIMEOUT);
	}

	@ParameterizedTest
	@CsvSource({ "HTTP11, HTTP/1.1", "H2, HTTP/2.0" })
	void protocolNamesTheVersionOfHttp(HttpProtocol protocol, String expected) {
		client(protocol).get().uri("/protocol").exchange().expectBody().jsonPath("$.protocol").isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator/health", "/actuator/health/readiness", "/actuator/health/liveness" })
	void healthIsUp(String path) {
		this.client.get().uri(path).exchange().expectBody().jsonPath("$.status").isEqualTo("UP");
	}

	@Test
	void infoNamesTheApplication() {
		this.client.get().uri("/actuator/info").exchange().expectBody().jsonPath("$.app.name").isEqualTo("sample-app");
	}

	@ParameterizedTest
	@ValueSource(strings = { "metrics", "shutdown" })
	void actuatorLinksTo(String endpoint) {
		this.client.get().uri("/actuator").exchange().expectBody().jsonPath("$._links." + endpoint).exists();
	}

	private FluxExchangeResult<DataBuffer> getBytes(long count) {
		return this.client.get()
			.uri("/bytes/{count}", count)
			.exchange()
			.expectStatus()
			.isOk()
			.returnResult(DataBuffer.class);
	}

	private WebTestClient client(HttpProtocol protocol) {
		HttpClient httpClient = HttpClient.create()
			.protocol(protocol)
			.secure((spec) -> spec.sslContext(sslContext(protocol)));
		return WebTestClient.bindToServer(new ReactorClientHttpConnector(httpClient))
			.baseUrl("https://localhost:" + this.port)
			.responseTimeout(TIMEOUT)
			.build();
	}

	private static SslProvider.GenericSslContextSpec<SslContextBuilder> sslContext(HttpProtocol protocol) {
		return ((protocol == HttpProtocol.H2) ? Http2SslContextSpec.forClient() : Http11SslContextSpec.forClient())
			.configure((builder) -> builder.trustManager(InsecureTrustManagerFactory.INSTANCE));
	}

	private static Flux<DataBuffer> chunks(byte[] bytes) {
		return DataBufferUtils.readByteChannel(() -> Channels.newChannel(new ByteArrayInputStream(bytes)),
				DefaultDataBufferFactory.sharedInstance, 10_000);
	}

	private static byte[] collect(Flux<DataBuffer> body) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		DataBufferUtils.write(body, bytes).doOnNext(DataBufferUtils::release).blockLast(TIMEOUT);
		return bytes.toByteArray();
	}

}
