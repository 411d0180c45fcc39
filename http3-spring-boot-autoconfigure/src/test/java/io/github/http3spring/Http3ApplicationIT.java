package io.github.http3spring;

import java.nio.file.Path;
import java.util.Objects;

import io.github.http3spring.wire.BodyPattern;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for an application that is served over HTTP/3, with Reactor Netty's client.
 */
@Timeout(60)
class Http3ApplicationIT {

	private static final int LARGE = 10_000_000;

	private static ConfigurableApplicationContext application;

	private final TestHttpClient clients = new TestHttpClient();

	private HttpClient client;

	@BeforeAll
	static void startApplication(@TempDir Path directory) throws Exception {
		application = TestApplication.start(TestKeyStore.create(directory.resolve("server.p12"), "localhost"));
	}

	@AfterAll
	static void closeApplication() {
		application.close();
	}

	@BeforeEach
	void createClient() {
		this.client = this.clients.http3(TestApplication.http3Port(application));
	}

	@AfterEach
	void closeClient() {
		this.clients.close();
	}

	@Test
	void missingPathIsNotFound() {
		assertThat(status("/missing")).isEqualTo(HttpResponseStatus.NOT_FOUND);
	}

	@Test
	void failureOfAHandlerIsAnInternalServerErrorAndTheConnectionGoesOn() {
		String peer = TestHttpClient.get(this.client, "/peer");
		assertThat(status("/failure")).isEqualTo(HttpResponseStatus.INTERNAL_SERVER_ERROR);
		assertThat(TestHttpClient.get(this.client, "/peer")).isEqualTo(peer);
	}

	@Test
	void requestIsOfHttp3() {
		assertThat(TestHttpClient.get(this.client, "/protocol")).isEqualTo("HTTP/3.0");
	}

	@Test
	void requestOverTcpIsNotOfHttp3() {
		HttpClient tcp = this.clients.tcp(TestApplication.tcpPort(application));
		assertThat(TestHttpClient.get(tcp, "/protocol")).isEqualTo("HTTP/1.1");
	}

	@Test
	void requestKnowsItsSchemeHostAndPeer() {
		int port = TestApplication.http3Port(application);
		assertThat(TestHttpClient.get(this.client, "/uri?a=b%20c"))
			.isEqualTo("https://localhost:" + port + "/uri?a=b%20c");
		assertThat(TestHttpClient.get(this.client, "/peer")).contains("127.0.0.1");
	}

	@Test
	void getAnswersWithTheBody() {
		assertThat(TestHttpClient.get(this.client, "/hello")).isEqualTo("hello");
	}

	@Test
	void headAnswersWithoutTheBody() {
		assertThat(
				this.client.head().uri("/hello").responseContent().aggregate().asString().block(TestHttpClient.TIMEOUT))
			.isNull();
	}

	@Test
	void emptyResponseIsEmpty() {
		assertThat(TestHttpClient.get(this.client, "/bytes/0")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 1000, 100_000, 3_000_000 })
	void postedBodyIsEchoed(int size) {
		byte[] body = BodyPattern.bytes(size);
		byte[] echo = this.client.post()
			.uri("/echo")
			.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)))
			.responseContent()
			.aggregate()
			.asByteArray()
			.defaultIfEmpty(new byte[0])
			.block(TestHttpClient.TIMEOUT);
		assertThat(echo).isEqualTo(body);
	}

	@Test
	void largeDownloadIsComplete() {
		byte[] body = this.client.get()
			.uri("/bytes/" + LARGE)
			.responseContent()
			.aggregate()
			.asByteArray()
			.block(TestHttpClient.TIMEOUT);
		assertThat(body).isEqualTo(BodyPattern.bytes(LARGE));
	}

	@Test
	void requestsShareAConnection() {
		String first = TestHttpClient.get(this.client, "/peer");
		assertThat(Flux.range(0, 200)
			.flatMap((index) -> this.client.get().uri("/peer").responseContent().aggregate().asString(), 20)
			.collectList()
			.block(TestHttpClient.TIMEOUT)).hasSize(200).containsOnly(first);
	}

	private HttpResponseStatus status(String path) {
		return Objects.requireNonNull(this.client.get()
			.uri(path)
			.responseSingle((response, body) -> body.then().thenReturn(response.status()))
			.block(TestHttpClient.TIMEOUT));
	}

}
