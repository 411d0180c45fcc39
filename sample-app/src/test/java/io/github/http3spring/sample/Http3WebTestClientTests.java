package io.github.http3spring.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.github.http3spring.context.LocalHttp3ServerPort;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.netty.http.Http3SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests an application over HTTP/3 as the documentation says that users can.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class Http3WebTestClientTests {

	@LocalHttp3ServerPort
	private int port;

	private WebTestClient client;

	@BeforeEach
	void createClient() {
		HttpClient http3 = HttpClient.create()
			.protocol(HttpProtocol.HTTP3)
			.secure((spec) -> spec.sslContext(Http3SslContextSpec.forClient()
				.configure((tls) -> tls.trustManager(InsecureTrustManagerFactory.INSTANCE))))
			.http3Settings((settings) -> settings.maxData(10_000_000).maxStreamDataBidirectionalLocal(1_000_000));
		this.client = WebTestClient.bindToServer(new ReactorClientHttpConnector(http3))
			.baseUrl("https://localhost:" + this.port)
			.build();
	}

	@Test
	void requestIsMadeOverHttp3() {
		this.client.get().uri("/protocol").exchange().expectBody().jsonPath("$.protocol").isEqualTo("HTTP/3.0");
	}

	@Test
	void documentationShowsThisClient() throws IOException {
		String source = Files
			.readString(Path.of("../sample-app/src/test/java", getClass().getName().replace('.', '/') + ".java"));
		String shown = source.substring(source.indexOf("\t@LocalHttp3ServerPort"),
				source.indexOf("\t@Test\n\tvoid documentation"));
		assertThat(Files.readString(Path.of("..", "docs", "testing.md"))).contains(shown);
	}

	@Test
	void bodyThatIsLargerThanTheWindowComesBack() {
		String body = "x".repeat(1_500_000);
		this.client.mutate()
			.codecs((codecs) -> codecs.defaultCodecs().maxInMemorySize(-1))
			.responseTimeout(Duration.ofSeconds(30))
			.build()
			.post()
			.uri("/echo")
			.bodyValue(body)
			.exchange()
			.expectBody(String.class)
			.isEqualTo(body);
	}

}
