package io.github.http3spring;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509TrustManager;

import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for an application that has no TLS but the certificate that it makes itself.
 */
@Timeout(60)
@Isolated("captures the output")
@ExtendWith(OutputCaptureExtension.class)
class DevelopmentCertificateIT {

	@TempDir
	Path directory;

	@Test
	void isServedOverTcpAndHttp3AndStaysWhenTheApplicationIsStartedAgain() throws Exception {
		X509Certificate first = serve();
		assertThat(serve()).isEqualTo(first);
		try (InputStream file = Files.newInputStream(this.directory.resolve("localhost.pem"))) {
			assertThat(CertificateFactory.getInstance("X.509").generateCertificate(file)).isEqualTo(first);
		}
	}

	@Test
	void failsTheStartInProduction(CapturedOutput output) {
		assertThat(catchThrowable(() -> run("--spring.profiles.active=prod"))).isNotNull();
		assertThat(output).contains("APPLICATION FAILED TO START",
				"Invalid value 'true' for configuration property 'http3.server.ssl.development-certificate'",
				"Must be false with the profile 'prod'");
		assertThat(this.directory).isEmptyDirectory();
	}

	/**
	 * Start the application and return the certificate of both of its servers.
	 */
	private X509Certificate serve() throws Exception {
		try (ConfigurableApplicationContext context = run()) {
			X509Certificate tcp = overTcp(TestApplication.tcpPort(context));
			assertThat(overHttp3(TestApplication.http3Port(context))).isEqualTo(tcp);
			return tcp;
		}
	}

	private ConfigurableApplicationContext run(String... args) {
		return TestContextRunner.application(TestApplication.class)
			.properties("http3.server.enabled=true", "http3.server.ssl.development-certificate=true",
					"http3.server.ssl.development-certificate-directory=" + this.directory)
			.run(args);
	}

	private static X509Certificate overTcp(int port) throws Exception {
		PresentedCertificate presented = new PresentedCertificate();
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, new X509TrustManager[] { presented }, null);
		try (SSLSocket socket = (SSLSocket) context.getSocketFactory()
			.createSocket(InetAddress.getLoopbackAddress(), port)) {
			socket.startHandshake();
		}
		return TestFutures.get(presented.certificate);
	}

	private static X509Certificate overHttp3(int port) throws Exception {
		PresentedCertificate presented = new PresentedCertificate();
		WireOptions options = WireOptions.defaults().withTrustManager(presented);
		InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
		try (WireClient client = WireClient.create(options);
				WireConnection connection = TestFutures.get(client.connect(address))) {
			assertThat(connection.settings()).isNotNull();
		}
		return TestFutures.get(presented.certificate);
	}

	/**
	 * Takes any certificate, and remembers it.
	 */
	private static final class PresentedCertificate implements X509TrustManager {

		private final CompletableFuture<X509Certificate> certificate = new CompletableFuture<>();

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) {
			this.certificate.complete(chain[0]);
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
