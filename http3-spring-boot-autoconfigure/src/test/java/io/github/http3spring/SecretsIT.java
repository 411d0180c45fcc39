package io.github.http3spring;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;

import io.github.http3spring.autoconfigure.Http3ServerProperties;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.wire.WireClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keys stay where they are: in no log line, endpoint or text of an object.
 */
@ExtendWith(OutputCaptureExtension.class)
class SecretsIT {

	private static final String RESET_KEY = "reset-key-reset-key-reset-key-00";

	private static final String SERVER_ID_KEY = "8f95f09245765f80256934e50c66207f";

	private static final String PASSWORD = TestKeyStore.PASSWORD;

	private static final String[] LOGGERS = { "io.github.http3spring", "io.netty.handler.ssl", "io.netty.incubator",
			"reactor.netty" };

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "env", "configprops", "http3", "beans", "conditions", "loggers", "info", "health" })
	void endpointsShowNoKeyWhateverTheyAreAllowedToShow(String endpoint) throws Exception {
		try (ConfigurableApplicationContext context = start()) {
			int port = ((WebServerApplicationContext) context).getWebServer().getPort();
			String shown = HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/" + endpoint)).build(),
						BodyHandlers.ofString())
				.body();
			assertThat(shown).contains("{").doesNotContain(RESET_KEY, SERVER_ID_KEY);
			if (endpoint.equals("env")) {
				assertThat(shown).contains("http3.server.quic.server-id\"", "0a1b2c");
			}
		}
	}

	@Test
	void logOfAnythingShowsNoKey(CapturedOutput output) throws Exception {
		LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
		try (ConfigurableApplicationContext context = start(); WireClient client = WireClient.create()) {
			for (String logger : LOGGERS) {
				logging.setLogLevel(logger, LogLevel.TRACE);
			}
			Http3Server server = context.getBean(Http3Server.class);
			InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
			assertThat(get(get(client.connect(address)).get("/actuator/health").response()).status()).isEqualTo(200);
			assertThat(server.toString()).doesNotContain(RESET_KEY, SERVER_ID_KEY);
			Http3ServerProperties properties = context.getBean(Http3ServerProperties.class);
			assertThat(properties.toString()).contains("QuicSettings").doesNotContain(RESET_KEY, SERVER_ID_KEY);
		}
		finally {
			for (String logger : LOGGERS) {
				logging.setLogLevel(logger, null);
			}
		}
		assertThat(output.getAll()).contains("HTTP/3 started on UDP port", "HTTP/3 connection")
			.doesNotContain(RESET_KEY, SERVER_ID_KEY, "PRIVATE KEY");
	}

	private ConfigurableApplicationContext start() throws Exception {
		Path keyStore = TestKeyStore.create(this.directory.resolve("server.p12"), "localhost");
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.REACTIVE)
			.run("--server.port=0", "--http3.server.port=0", "--http3.server.enabled=true",
					"--spring.ssl.bundle.jks.test.keystore.location=" + keyStore.toUri(),
					"--spring.ssl.bundle.jks.test.keystore.password=" + PASSWORD, "--http3.server.ssl.bundle=test",
					"--http3.server.quic.stateless-reset-key=" + RESET_KEY, "--http3.server.quic.server-id=0a1b2c",
					"--http3.server.quic.server-id-key=" + SERVER_ID_KEY,
					"--management.endpoints.web.exposure.include=*", "--management.endpoint.env.show-values=always",
					"--management.endpoint.configprops.show-values=always",
					"--management.endpoint.http3.show-values=always");
	}

	/**
	 * An application that serves nothing but Actuator's endpoints.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
