package io.github.http3spring;

import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

import io.netty.handler.ssl.SslContextBuilder;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebFilter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what a handler sees of the TLS of a connection, beside that of TCP.
 */
@Timeout(60)
class SslInfoIT {

	@TempDir
	static Path directory;

	private static Path client;

	private static ReactiveWebApplicationContextRunner runner;

	@BeforeAll
	static void createKeyStores() throws Exception {
		Path server = TestKeyStore.create(directory.resolve("server.p12"), "server");
		client = TestKeyStore.createSigned(directory.resolve("client.p12"), "client");
		runner = TestContextRunner.withTls(server)
			.withUserConfiguration(Routes.class)
			.withPropertyValues("server.ssl.trust-store=" + client,
					"server.ssl.trust-store-password=" + TestKeyStore.PASSWORD);
	}

	@ParameterizedTest
	@ValueSource(strings = { "need", "want" })
	void certificatesOfTheClientAreSeenAsOnTcp(String clientAuth) {
		runner.withPropertyValues("server.ssl.client-auth=" + clientAuth).run((context) -> {
			List<String> expected = certificates();
			assertThat(expected).hasSize(2);
			assertThat(overHttp3(context, true).certificates()).isEqualTo(expected);
			assertThat(overTcp(context, true).certificates()).isEqualTo(expected);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "none", "want" })
	void connectionWithoutCertificateOfTheClientHasAnIdAloneAsOnTcp(String clientAuth) {
		runner.withPropertyValues("server.ssl.client-auth=" + clientAuth).run((context) -> {
			for (Tls tls : List.of(overHttp3(context, false), overTcp(context, false))) {
				assertThat(tls.sessionId()).matches("[0-9a-f]{32,}");
				assertThat(tls.certificates()).isEmpty();
			}
		});
	}

	@Test
	void sessionIdIsThatOfTheConnection() {
		runner.run((context) -> {
			try (TestHttpClient first = new TestHttpClient(); TestHttpClient second = new TestHttpClient()) {
				int port = port(context, "local.http3.server.port");
				HttpClient client = first.http3(port);
				String id = TestHttpClient.get(client, "/tls");
				assertThat(TestHttpClient.get(client, "/tls")).isEqualTo(id);
				assertThat(TestHttpClient.get(second.http3(port), "/tls")).isNotEqualTo(id);
			}
		});
	}

	@Test
	void requestThatAFilterHasChangedKeepsTheCertificates() {
		runner.withUserConfiguration(ChangingFilter.class)
			.withPropertyValues("server.ssl.client-auth=need")
			.run((context) -> assertThat(overHttp3(context, true).certificates()).isEqualTo(certificates()));
	}

	private static Tls overHttp3(ApplicationContext context, boolean withCertificate) {
		try (TestHttpClient httpClient = new TestHttpClient()) {
			return Tls.parse(TestHttpClient.get(httpClient.http3(port(context, "local.http3.server.port"),
					(tls) -> certificate(tls, withCertificate)), "/tls"));
		}
	}

	private static void certificate(QuicSslContextBuilder tls, boolean withCertificate) {
		if (withCertificate) {
			tls.keyManager(TestKeyStore.keyManagers(client), TestKeyStore.PASSWORD);
		}
	}

	private static Tls overTcp(ApplicationContext context, boolean withCertificate) {
		try (TestHttpClient httpClient = new TestHttpClient()) {
			return Tls.parse(TestHttpClient.get(
					httpClient.tcp(port(context, "local.server.port"), (tls) -> certificate(tls, withCertificate)),
					"/tls"));
		}
	}

	private static void certificate(SslContextBuilder tls, boolean withCertificate) {
		if (withCertificate) {
			tls.keyManager(TestKeyStore.keyManagers(client));
		}
	}

	private static int port(ApplicationContext context, String property) {
		return context.getEnvironment().getRequiredProperty(property, Integer.class);
	}

	private static List<String> certificates() throws Exception {
		KeyStore keyStore = KeyStore.getInstance(client.toFile(), TestKeyStore.PASSWORD.toCharArray());
		return Arrays.stream(keyStore.getCertificateChain("server")).map(SslInfoIT::encode).toList();
	}

	private static String encode(Certificate certificate) {
		try {
			return Base64.getEncoder().encodeToString(certificate.getEncoded());
		}
		catch (CertificateEncodingException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * What a handler saw.
	 */
	private record Tls(String sessionId, List<String> certificates) {

		static Tls parse(String text) {
			List<String> lines = text.lines().toList();
			return new Tls(lines.get(0), lines.subList(1, lines.size()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Routes {

		@Bean
		RouterFunction<ServerResponse> tls() {
			return RouterFunctions.route().GET("/tls", Routes::tls).build();
		}

		private static Mono<ServerResponse> tls(ServerRequest request) {
			SslInfo info = request.exchange().getRequest().getSslInfo();
			X509Certificate[] certificates = info.getPeerCertificates();
			return ServerResponse.ok()
				.bodyValue(info.getSessionId() + "\n" + ((certificates != null)
						? Arrays.stream(certificates).map(SslInfoIT::encode).collect(Collectors.joining("\n")) : ""));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ChangingFilter {

		@Bean
		WebFilter changingFilter() {
			return (exchange, chain) -> chain
				.filter(exchange.mutate().request((request) -> request.header("changed", "true")).build());
		}

	}

}
