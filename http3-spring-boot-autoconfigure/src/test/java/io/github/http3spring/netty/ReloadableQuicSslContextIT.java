package io.github.http3spring.netty;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.TestContextRunner;
import io.github.http3spring.TestHttpClient;
import io.github.http3spring.TestKeyStore;
import io.github.http3spring.TestPem;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.ConnectionClosedException;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireResponse;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreDetails;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the TLS of the server: where it comes from, whom it lets in and how it is
 * renewed.
 */
@Timeout(60)
@Isolated("captures the output")
@ExtendWith(OutputCaptureExtension.class)
class ReloadableQuicSslContextIT {

	/**
	 * CRYPTO_ERROR with the alert certificate_required (RFC 9001 section 4.8, RFC 8446
	 * section 6).
	 */
	private static final long CERTIFICATE_REQUIRED = 0x100 + 116;

	@TempDir
	static Path directory;

	private static Path server;

	private static Path other;

	private static Path client;

	private final ReactiveWebApplicationContextRunner runner = TestContextRunner.withoutTls();

	@BeforeAll
	static void createKeyStores() throws Exception {
		server = TestKeyStore.create(directory.resolve("server.p12"), "server");
		other = TestKeyStore.create(directory.resolve("other.p12"), "other");
		client = TestKeyStore.create(directory.resolve("client.p12"), "client");
	}

	@Test
	void clientWithoutCertificateIsRefusedWhenItIsNeeded() throws Exception {
		needingClients().run((context) -> {
			try (WireClient wireClient = WireClient.create()) {
				assertThatExceptionOfType(ExecutionException.class)
					.isThrownBy(() -> wireClient.connect(address(context)).get(10, TimeUnit.SECONDS))
					.withCauseInstanceOf(ConnectionClosedException.class)
					.satisfies((failure) -> assertThat(((ConnectionClosedException) failure.getCause()).closeFrame())
						.returns(false, CloseFrame::application)
						.returns(CERTIFICATE_REQUIRED, CloseFrame::errorCode));
			}
		});
	}

	@Test
	void clientThatIsRefusedDoesNotFillTheLog(CapturedOutput output) throws Exception {
		needingClients().run((context) -> {
			try (WireClient wireClient = WireClient.create()) {
				assertThatExceptionOfType(ExecutionException.class)
					.isThrownBy(() -> wireClient.connect(address(context)).get(10, TimeUnit.SECONDS));
			}
		});
		assertThat(output.getOut()).doesNotContain("WARN", "SSLHandshakeException");
	}

	@Test
	void clientWithCertificateThatIsNotTrustedIsRefused() throws Exception {
		needingClients().run((context) -> {
			try (TestHttpClient httpClient = new TestHttpClient()) {
				assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> TestHttpClient.get(
						httpClient.http3(port(context),
								(tls) -> tls.keyManager(TestKeyStore.keyManagers(other), TestKeyStore.PASSWORD)),
						"/peer"));
			}
		});
	}

	@Test
	void clientWithCertificateIsServedWhenItIsNeeded() throws Exception {
		needingClients().run((context) -> {
			try (TestHttpClient httpClient = new TestHttpClient()) {
				assertThat(TestHttpClient.get(
						httpClient.http3(port(context),
								(tls) -> tls.keyManager(TestKeyStore.keyManagers(client), TestKeyStore.PASSWORD)),
						"/peer"))
					.isNotEmpty();
			}
		});
	}

	@Test
	void clientWithoutCertificateIsServedWhenItIsWanted() throws Exception {
		needingClients().withPropertyValues("server.ssl.client-auth=want").run((context) -> {
			try (TestHttpClient httpClient = new TestHttpClient()) {
				assertThat(TestHttpClient.get(httpClient.http3(port(context)), "/peer")).isNotEmpty();
			}
		});
	}

	@Test
	void certificateComesFromTheKeyStoreOfTheServer() {
		this.runner.withPropertyValues(TestContextRunner.tls(server))
			.run((context) -> assertCertificate(context, server));
	}

	@Test
	void certificateComesFromTheAliasInTheKeyStoreOfTheServer() throws Exception {
		Path both = keyStoreOf(directory.resolve("both.p12"), server, other);
		for (Path chosen : new Path[] { server, other }) {
			this.runner.withPropertyValues(TestContextRunner.tls(both))
				.withPropertyValues("server.ssl.key-alias=" + chosen.getFileName())
				.run((context) -> assertCertificate(context, chosen));
		}
	}

	@Test
	void certificateComesFromThePemFilesOfTheServer() throws Exception {
		TestPem pem = TestPem.from(server);
		this.runner
			.withPropertyValues("server.ssl.certificate=" + pem.certificate(),
					"server.ssl.certificate-private-key=" + pem.privateKey())
			.run((context) -> assertCertificate(context, server));
	}

	@Test
	void certificateComesFromTheBundleOfTheServer() {
		this.runner.withPropertyValues(bundle("web", server))
			.withPropertyValues("server.ssl.bundle=web")
			.run((context) -> assertCertificate(context, server));
	}

	@Test
	void certificateComesFromTheBundleForHttp3Alone() {
		this.runner.withPropertyValues(bundle("quic", other))
			.withPropertyValues("http3.server.ssl.bundle=quic")
			.run((context) -> assertCertificate(context, other));
	}

	@Test
	void bundleForHttp3TakesPrecedenceOverTheTlsOfTheServer() {
		this.runner.withPropertyValues(bundle("quic", other))
			.withPropertyValues(bundle("web", server))
			.withPropertyValues("server.ssl.bundle=web", "http3.server.ssl.bundle=quic")
			.run((context) -> assertCertificate(context, other));
	}

	@Test
	void bundleThatIsMissingFailsTheStart() {
		this.runner.withPropertyValues("http3.server.ssl.bundle=missing")
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("'missing'"));
	}

	@Test
	void updateThatIsNoUseLeavesTheCertificate() {
		this.runner.withPropertyValues(bundle("web", server))
			.withPropertyValues("server.ssl.bundle=web")
			.run((context) -> {
				SslBundleRegistry registry = context.getBean(SslBundleRegistry.class);
				assertThatExceptionOfType(RuntimeException.class)
					.isThrownBy(() -> registry.updateBundle("web", SslBundle.of(missingKeyStore())));
				assertCertificate(context, server);
			});
	}

	@Test
	void newConnectionsGetTheCertificateOfAnUpdate() {
		this.runner.withPropertyValues(bundle("web", server))
			.withPropertyValues("server.ssl.bundle=web")
			.run((context) -> {
				assertCertificate(context, server);
				update(context, "web", other);
				assertCertificate(context, other);
				update(context, "web", server);
				assertCertificate(context, server);
			});
	}

	@Test
	void openConnectionGoesOnAfterAnUpdate() {
		this.runner.withPropertyValues(bundle("quic", server))
			.withPropertyValues("http3.server.ssl.bundle=quic")
			.run((context) -> {
				try (WireClient wireClient = WireClient.create()) {
					WireConnection connection = wireClient.connect(address(context)).get(10, TimeUnit.SECONDS);
					assertServed(connection);
					update(context, "quic", other);
					assertCertificate(context, other);
					assertServed(connection);
					assertThat(connection.closed()).isNotDone();
				}
			});
	}

	@Test
	void certificateFollowsItsFiles() throws Exception {
		TestPem first = TestPem.from(server);
		TestPem second = TestPem.from(other);
		Path certificate = Files.copy(first.certificate(), directory.resolve("tls.crt"));
		Path privateKey = Files.copy(first.privateKey(), directory.resolve("tls.key"));
		this.runner
			.withPropertyValues("spring.ssl.bundle.pem.web.keystore.certificate=" + certificate,
					"spring.ssl.bundle.pem.web.keystore.private-key=" + privateKey,
					"spring.ssl.bundle.pem.web.reload-on-update=true",
					"spring.ssl.bundle.watch.file.quiet-period=200ms", "server.ssl.bundle=web")
			.run((context) -> {
				assertCertificate(context, server);
				Files.copy(second.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
				Files.copy(second.privateKey(), privateKey, StandardCopyOption.REPLACE_EXISTING);
				await().atMost(TestHttpClient.TIMEOUT).untilAsserted(() -> assertCertificate(context, other));
			});
	}

	/**
	 * An application that lets only the owner of the client's key store in.
	 */
	private ReactiveWebApplicationContextRunner needingClients() throws Exception {
		return this.runner.withPropertyValues(TestContextRunner.tls(server))
			.withPropertyValues("server.ssl.client-auth=need",
					"server.ssl.trust-certificate=" + TestPem.from(client).certificate());
	}

	private static String[] bundle(String name, Path keyStore) {
		String prefix = "spring.ssl.bundle.jks." + name + ".keystore.";
		return new String[] { prefix + "location=" + keyStore, prefix + "password=" + TestKeyStore.PASSWORD };
	}

	private static void update(ApplicationContext context, String name, Path keyStore) {
		SslStoreBundle stores = new JksSslStoreBundle(
				JksSslStoreDetails.forLocation(keyStore.toString()).withPassword(TestKeyStore.PASSWORD), null);
		context.getBean(SslBundleRegistry.class).updateBundle(name, SslBundle.of(stores));
	}

	private static SslStoreBundle missingKeyStore() {
		return new JksSslStoreBundle(JksSslStoreDetails.forLocation(directory.resolve("missing.p12").toString()), null);
	}

	private static Path keyStoreOf(Path file, Path... keyStores) throws Exception {
		char[] password = TestKeyStore.PASSWORD.toCharArray();
		KeyStore result = KeyStore.getInstance("PKCS12");
		result.load(null, null);
		for (Path path : keyStores) {
			KeyStore keyStore = KeyStore.getInstance(path.toFile(), password);
			String alias = keyStore.aliases().nextElement();
			result.setKeyEntry(path.getFileName().toString(), keyStore.getKey(alias, password), password,
					keyStore.getCertificateChain(alias));
		}
		try (OutputStream output = Files.newOutputStream(file)) {
			result.store(output, password);
		}
		return file;
	}

	private static void assertCertificate(ApplicationContext context, Path keyStore) throws Exception {
		X509Certificate expected = TestPem.certificate(keyStore);
		assertThat(QuicPeer.certificate(port(context))).isEqualTo(expected);
	}

	private static void assertServed(WireConnection connection) throws Exception {
		assertThat(connection.get("/peer").response().get(10, TimeUnit.SECONDS)).returns(200, WireResponse::status);
	}

	private static InetSocketAddress address(ApplicationContext context) {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), port(context));
	}

	private static int port(ApplicationContext context) {
		return context.getEnvironment().getRequiredProperty("local.http3.server.port", Integer.class);
	}

}
