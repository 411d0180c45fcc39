package io.github.http3spring.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.http3spring.TestContextRunner;
import io.github.http3spring.TestHttpClient;
import io.github.http3spring.TestKeyStore;
import io.github.http3spring.TestPem;
import io.github.http3spring.server.Http3ServerFactory;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireResponse;
import io.netty.util.ReferenceCounted;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreDetails;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that renew the certificate of a busy server.
 */
@Timeout(120)
@Isolated("captures the output and collects garbage")
@ExtendWith(OutputCaptureExtension.class)
class ReloadUnderLoadIT {

	private static final int CONNECTIONS = 4;

	private static final int RELOADS = 12;

	private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);

	private final AtomicBoolean stopped = new AtomicBoolean();

	private final AtomicInteger served = new AtomicInteger();

	@TempDir
	private Path directory;

	private Path[] keyStores;

	private WireClient client;

	@BeforeEach
	void createKeyStores() throws Exception {
		this.keyStores = new Path[] { TestKeyStore.create(this.directory.resolve("first.p12"), "first"),
				TestKeyStore.create(this.directory.resolve("second.p12"), "second") };
	}

	@AfterEach
	void stop() {
		this.stopped.set(true);
		this.threads.shutdownNow();
		this.client.close();
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = "shop.example")
	void everyRequestIsServedAndReplacedContextsAreFreed(@Nullable String name, CapturedOutput output) {
		this.client = WireClient.create(WireOptions.defaults().withServerName(name));
		String bundle = (name != null) ? "shop" : "web";
		TestContextRunner.withoutTls()
			.withPropertyValues(bundle("web"))
			.withPropertyValues(bundle("shop"))
			.withPropertyValues("server.ssl.bundle=web", "server.ssl.server-name-bundles[0].server-name=shop.example",
					"server.ssl.server-name-bundles[0].bundle=shop")
			.run((context) -> {
				List<ReferenceCounted> contexts = new ArrayList<>(List.of(currentContext(context, name)));
				List<WireConnection> connections = new ArrayList<>();
				List<Future<?>> loads = new ArrayList<>();
				for (int count = 0; count < CONNECTIONS; count++) {
					WireConnection connection = this.client.connect(address(context)).get(10, TimeUnit.SECONDS);
					connections.add(connection);
					loads.add(this.threads.submit(() -> load(connection)));
				}
				for (int reload = 1; reload <= RELOADS; reload++) {
					Path keyStore = this.keyStores[reload % 2];
					update(context, bundle, keyStore);
					contexts.add(currentContext(context, name));
					int before = this.served.get();
					assertThat(QuicPeer.certificate(address(context).getPort(), name))
						.isEqualTo(TestPem.certificate(keyStore));
					await().atMost(TestHttpClient.TIMEOUT)
						.pollDelay(Duration.ZERO)
						.pollInterval(Duration.ofMillis(5))
						.until(() -> this.served.get() > before + CONNECTIONS
								|| loads.stream().anyMatch(Future::isDone));
				}
				assertFreed(contexts.subList(1, RELOADS));
				assertThat(contexts.get(0).refCnt()).isEqualTo(CONNECTIONS + 1);
				this.stopped.set(true);
				for (Future<?> load : loads) {
					load.get(20, TimeUnit.SECONDS);
				}
				assertThat(connections).allSatisfy((connection) -> assertThat(connection.closed()).isNotDone());
				this.client.close();
				assertFreed(contexts.subList(0, RELOADS));
				assertThat(contexts.get(RELOADS).refCnt()).isEqualTo(1);
			});
		assertThat(output).doesNotContain("LEAK");
	}

	@Test
	void updateThatIsNoUseIsLoggedOnceAndChangesNothing(CapturedOutput output) {
		this.client = WireClient.create();
		TestContextRunner.withoutTls()
			.withPropertyValues(bundle("quic"))
			.withPropertyValues("http3.server.ssl.bundle=quic",
					"server.ssl.server-name-bundles[0].server-name=shop.example",
					"server.ssl.server-name-bundles[0].bundle=quic", "server.ssl.enabled=false")
			.run((context) -> {
				WireConnection connection = this.client.connect(address(context)).get(10, TimeUnit.SECONDS);
				context.getBean(SslBundleRegistry.class).updateBundle("quic", SslBundle.of(keyOfAnotherCertificate()));
				assertThat(output.getOut().lines().filter((line) -> line.contains("ERROR"))).singleElement()
					.asString()
					.contains("SSL bundle 'quic': its private key does not match its certificate CN=second");
				assertServed(connection);
				assertThat(QuicPeer.certificate(address(context).getPort()))
					.isEqualTo(TestPem.certificate(this.keyStores[0]));
				update(context, "quic", this.keyStores[1]);
				assertThat(QuicPeer.certificate(address(context).getPort()))
					.isEqualTo(TestPem.certificate(this.keyStores[1]));
			});
	}

	private Void load(WireConnection connection) throws Exception {
		while (!this.stopped.get()) {
			assertServed(connection);
			this.served.incrementAndGet();
		}
		return null;
	}

	private static void assertServed(WireConnection connection) throws Exception {
		assertThat(connection.get("/peer").response().get(10, TimeUnit.SECONDS)).returns(200, WireResponse::status);
	}

	/**
	 * Netty frees a native context when its Java object is garbage and no connection has
	 * it.
	 */
	private static void assertFreed(List<ReferenceCounted> contexts) {
		await().atMost(TestHttpClient.TIMEOUT).untilAsserted(() -> {
			System.gc();
			assertThat(contexts).allSatisfy((context) -> assertThat(context.refCnt()).isZero());
		});
	}

	private static ReferenceCounted currentContext(ApplicationContext context, @Nullable String name) {
		Object sslContext = ReflectionTestUtils.getField(context.getBean(Http3ServerFactory.class), "sslContext");
		Object current = (name != null)
				? ((Map<?, ?>) ReflectionTestUtils.getField(sslContext, "serverNames")).get(name)
				: ReflectionTestUtils.getField(sslContext, "current");
		return (ReferenceCounted) ReflectionTestUtils.getField(current, "nativeSslContext");
	}

	private String[] bundle(String name) {
		String prefix = "spring.ssl.bundle.jks." + name + ".keystore.";
		return new String[] { prefix + "location=" + this.keyStores[0], prefix + "password=" + TestKeyStore.PASSWORD };
	}

	private static void update(ApplicationContext context, String name, Path keyStore) {
		SslStoreBundle stores = new JksSslStoreBundle(
				JksSslStoreDetails.forLocation(keyStore.toString()).withPassword(TestKeyStore.PASSWORD), null);
		context.getBean(SslBundleRegistry.class).updateBundle(name, SslBundle.of(stores));
	}

	private SslStoreBundle keyOfAnotherCertificate() throws Exception {
		char[] password = TestKeyStore.PASSWORD.toCharArray();
		KeyStore keyStore = KeyStore.getInstance("PKCS12");
		keyStore.load(null, null);
		keyStore.setKeyEntry("server",
				KeyStore.getInstance(this.keyStores[0].toFile(), password).getKey("server", password), password,
				new Certificate[] { TestPem.certificate(this.keyStores[1]) });
		return SslStoreBundle.of(keyStore, TestKeyStore.PASSWORD, null);
	}

	private static InetSocketAddress address(ApplicationContext context) {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(),
				context.getEnvironment().getRequiredProperty("local.http3.server.port", Integer.class));
	}

}
