package io.github.http3spring.netty;

import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

import io.github.http3spring.TestContextRunner;
import io.github.http3spring.TestHttpClient;
import io.github.http3spring.TestKeyStore;
import io.github.http3spring.TestPem;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.incubator.codec.quic.QuicSslContext;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.http.client.HttpClient;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.jks.JksSslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreDetails;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for certificates that depend on the name that a client asks for.
 */
@Timeout(60)
class ServerNameBundleIT {

	@TempDir
	static Path directory;

	private static Path web;

	private static Path shop;

	private static Path wildcard;

	private static Path other;

	private static ReactiveWebApplicationContextRunner runner;

	@BeforeAll
	static void createKeyStores() throws Exception {
		web = TestKeyStore.create(directory.resolve("web.p12"), "web", "-keyalg", "RSA");
		shop = TestKeyStore.create(directory.resolve("shop.p12"), "shop");
		wildcard = TestKeyStore.create(directory.resolve("wildcard.p12"), "wildcard");
		other = TestKeyStore.create(directory.resolve("other.p12"), "other");
		runner = TestContextRunner.withoutTls()
			.withPropertyValues(bundle("web", web))
			.withPropertyValues(bundle("shop", shop))
			.withPropertyValues(bundle("wildcard", wildcard))
			.withPropertyValues("server.ssl.bundle=web", "server.ssl.server-name-bundles[0].server-name=shop.example",
					"server.ssl.server-name-bundles[0].bundle=shop",
					"server.ssl.server-name-bundles[1].server-name=*.wild.example",
					"server.ssl.server-name-bundles[1].bundle=wildcard");
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "shop.example", "SHOP.Example", "www.shop.example", "unknown.example", "a.wild.example",
			"wild.example" })
	void certificateIsThatOfTheTcpServer(String name) {
		runner.run((context) -> assertThat(overHttp3(context, name)).isEqualTo(overTcp(context, name)));
	}

	@Test
	void certificateIsThatOfTheName() {
		runner.run((context) -> {
			assertThat(overHttp3(context, "shop.example")).isEqualTo(TestPem.certificate(shop));
			assertThat(overHttp3(context, "unknown.example")).isEqualTo(TestPem.certificate(web));
			assertThat(overHttp3(context, null)).isEqualTo(TestPem.certificate(web));
		});
	}

	@Test
	void bundleForHttp3AloneReplacesThatOfNoName() {
		runner.withPropertyValues(bundle("quic", other))
			.withPropertyValues("http3.server.ssl.bundle=quic")
			.run((context) -> {
				assertThat(overHttp3(context, "shop.example")).isEqualTo(TestPem.certificate(shop));
				assertThat(overHttp3(context, "unknown.example")).isEqualTo(TestPem.certificate(other));
				assertThat(overTcp(context, "unknown.example")).isEqualTo(TestPem.certificate(web));
			});
	}

	@Test
	void eachBundleIsReloaded() {
		runner.run((context) -> {
			update(context, "shop", other);
			assertThat(overHttp3(context, "shop.example")).isEqualTo(TestPem.certificate(other));
			assertThat(overHttp3(context, "unknown.example")).isEqualTo(TestPem.certificate(web));
			update(context, "web", wildcard);
			assertThat(overHttp3(context, "shop.example")).isEqualTo(TestPem.certificate(other));
			assertThat(overHttp3(context, "unknown.example")).isEqualTo(TestPem.certificate(wildcard));
		});
	}

	@Test
	void openConnectionGoesOnWhenItsBundleIsReloaded() {
		runner.run((context) -> {
			try (TestHttpClient httpClient = new TestHttpClient()) {
				HttpClient client = httpClient.http3(http3Port(context), (tls) -> {
				}, new SNIHostName("shop.example"));
				String peer = TestHttpClient.get(client, "/peer");
				update(context, "shop", other);
				assertThat(TestHttpClient.get(client, "/peer")).isEqualTo(peer);
			}
		});
	}

	@Test
	void clientsAreTrustedByTheBundleOfTheName() {
		trustingOwners().run((context) -> {
			assertThat(isServed(context, "shop.example", shop)).isTrue();
			assertThat(isServed(context, "unknown.example", web)).isTrue();
			assertThat(isServed(context, "shop.example", web)).isFalse();
			assertThat(isServed(context, "unknown.example", shop)).isFalse();
			assertThat(isServed(context, "shop.example", null)).isFalse();
			assertThat(isServed(context, "unknown.example", null)).isFalse();
		});
	}

	@Test
	void ticketThatStandsForACertificateIsGoodForTheNameAlone() {
		trustingOwners().run((context) -> {
			int port = http3Port(context);
			QuicSslContext owner = client(
					(tls) -> tls.keyManager(TestKeyStore.keyManagers(web), TestKeyStore.PASSWORD));
			assertThat(isServed(port, "unknown.example", owner)).isTrue();
			byte[] session = session(owner, "unknown.example", port);
			assertThat(clientSeen(port, "unknown.example", client(session, "unknown.example", port)))
				.isEqualTo("CN=web");
			assertThat(isServed(port, "shop.example", client(session, "shop.example", port))).isFalse();
		});
	}

	@Test
	void ticketThatStandsForACertificateIsNoGoodAfterAReload() {
		trustingOwners().run((context) -> {
			int port = http3Port(context);
			QuicSslContext owner = client(
					(tls) -> tls.keyManager(TestKeyStore.keyManagers(shop), TestKeyStore.PASSWORD));
			assertThat(isServed(port, "shop.example", owner)).isTrue();
			byte[] session = session(owner, "shop.example", port);
			SslBundleRegistry registry = context.getBean(SslBundleRegistry.class);
			registry.updateBundle("shop", context.getBean(SslBundles.class).getBundle("web"));
			assertThat(isServed(port, "shop.example", client(session, "shop.example", port))).isFalse();
		});
	}

	/**
	 * Return the session that a client can go on with, from its cache, which is private.
	 */
	private static byte[] session(QuicSslContext client, String name, int port) {
		Object cache = ReflectionTestUtils.getField(client, "sessionCache");
		return await().atMost(TestHttpClient.TIMEOUT)
			.until(() -> ReflectionTestUtils.<byte[]>invokeMethod(cache, "getSession", name, port), Objects::nonNull);
	}

	/**
	 * Return a client that has no certificate and goes on with a session.
	 */
	private static QuicSslContext client(byte[] session, String name, int port) {
		QuicSslContext client = client((tls) -> {
		});
		ReflectionTestUtils.invokeMethod(ReflectionTestUtils.getField(client, "sessionCache"), "saveSession", name,
				port, System.currentTimeMillis(), TestHttpClient.TIMEOUT.toMillis(), session, true);
		return client;
	}

	private static QuicSslContext client(Consumer<QuicSslContextBuilder> tls) {
		QuicSslContextBuilder builder = QuicSslContextBuilder.forClient()
			.trustManager(InsecureTrustManagerFactory.INSTANCE)
			.applicationProtocols("h3");
		tls.accept(builder);
		return builder.build();
	}

	private static boolean isServed(ApplicationContext context, String name, @Nullable Path client) {
		return isServed(http3Port(context), name, client((tls) -> {
			if (client != null) {
				tls.keyManager(TestKeyStore.keyManagers(client), TestKeyStore.PASSWORD);
			}
		}));
	}

	private static boolean isServed(int port, String name, QuicSslContext client) {
		try {
			return !clientSeen(port, name, client).isEmpty();
		}
		catch (RuntimeException ex) {
			return false;
		}
	}

	/**
	 * Return whom a handler takes the client for.
	 */
	private static String clientSeen(int port, String name, QuicSslContext client) {
		try (TestHttpClient httpClient = new TestHttpClient()) {
			return TestHttpClient.get(
					httpClient.http3(port).secure((spec) -> spec.sslContext(client).serverNames(new SNIHostName(name))),
					"/client");
		}
	}

	/**
	 * An application that lets only the owner of the server's certificate in.
	 */
	private static ReactiveWebApplicationContextRunner trustingOwners() {
		return runner.withUserConfiguration(ClientRoute.class)
			.withPropertyValues("server.ssl.client-auth=need", "spring.ssl.bundle.jks.web.truststore.location=" + web,
					"spring.ssl.bundle.jks.web.truststore.password=" + TestKeyStore.PASSWORD,
					"spring.ssl.bundle.jks.shop.truststore.location=" + shop,
					"spring.ssl.bundle.jks.shop.truststore.password=" + TestKeyStore.PASSWORD);
	}

	private static X509Certificate overHttp3(ApplicationContext context, @Nullable String name) {
		Certificates shown = new Certificates();
		try (TestHttpClient httpClient = new TestHttpClient()) {
			TestHttpClient.get(httpClient.http3(http3Port(context), (tls) -> tls.trustManager(shown), sni(name)),
					"/peer");
		}
		return shown.only();
	}

	private static X509Certificate overTcp(ApplicationContext context, @Nullable String name) {
		Certificates shown = new Certificates();
		int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
		try (TestHttpClient httpClient = new TestHttpClient()) {
			TestHttpClient.get(httpClient.tcp(port, (tls) -> tls.trustManager(shown), sni(name)), "/peer");
		}
		return shown.only();
	}

	private static SNIServerName[] sni(@Nullable String name) {
		return (name != null) ? new SNIServerName[] { new SNIHostName(name) } : new SNIServerName[0];
	}

	private static String[] bundle(String name, Path keyStore) {
		String prefix = "spring.ssl.bundle.jks." + name + ".keystore.";
		return new String[] { prefix + "location=" + keyStore, prefix + "password=" + TestKeyStore.PASSWORD };
	}

	private static void update(ApplicationContext context, String name, Path keyStore) {
		context.getBean(SslBundleRegistry.class)
			.updateBundle(name,
					SslBundle.of(new JksSslStoreBundle(
							JksSslStoreDetails.forLocation(keyStore.toString()).withPassword(TestKeyStore.PASSWORD),
							null)));
	}

	private static int http3Port(ApplicationContext context) {
		return context.getEnvironment().getRequiredProperty("local.http3.server.port", Integer.class);
	}

	@Configuration(proxyBeanMethods = false)
	static class ClientRoute {

		@Bean
		RouterFunction<ServerResponse> client() {
			return RouterFunctions.route()
				.GET("/client", (request) -> ServerResponse.ok().bodyValue(subject(request)))
				.build();
		}

		private static String subject(ServerRequest request) {
			return request.exchange().getRequest().getSslInfo().getPeerCertificates()[0].getSubjectX500Principal()
				.getName();
		}

	}

	/**
	 * Trusts any server and keeps its certificate.
	 */
	private static final class Certificates extends X509ExtendedTrustManager {

		private final List<X509Certificate> shown = new ArrayList<>();

		X509Certificate only() {
			assertThat(this.shown).hasSize(1);
			return this.shown.get(0);
		}

		@Override
		public synchronized void checkServerTrusted(X509Certificate[] chain, String authType) {
			this.shown.add(chain[0]);
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
			checkServerTrusted(chain, authType);
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
			checkServerTrusted(chain, authType);
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
			throw new UnsupportedOperationException();
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
