package io.github.http3spring;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.github.http3spring.autoconfigure.Http3ServerProperties;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.wire.WireClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
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

	private static final List<String> LOGGERS = List.of("io.github.http3spring", "io.netty", "reactor.netty");

	private final Map<Logger, @Nullable Level> levels = new HashMap<>();

	@TempDir
	private Path directory;

	@Test
	void endpointsShowNoKeyWhateverTheyAreAllowedToShow() throws Exception {
		try (ConfigurableApplicationContext context = start()) {
			int port = ((WebServerApplicationContext) context).getWebServer().getPort();
			for (String endpoint : List.of("configprops", "http3", "beans", "conditions", "loggers", "info",
					"health")) {
				assertThat(show(port, endpoint)).as(endpoint).contains("{").doesNotContain(RESET_KEY, SERVER_ID_KEY);
			}
			assertThat(show(port, "env")).contains("http3.server.quic.server-id\"", "0a1b2c")
				.doesNotContain(RESET_KEY, SERVER_ID_KEY);
		}
	}

	private static String show(int port, String endpoint) throws Exception {
		URI uri = URI.create("http://127.0.0.1:" + port + "/actuator/" + endpoint);
		return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
	}

	@Test
	void logOfAnythingShowsNoKey(CapturedOutput output) throws Exception {
		// Set when logging is set up, and nothing else is
		try (ConfigurableApplicationContext context = start((created) -> traceAll());
				WireClient client = WireClient.create()) {
			Http3Server server = context.getBean(Http3Server.class);
			InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
			assertThat(get(get(client.connect(address)).get("/actuator/health").response()).status()).isEqualTo(200);
			assertThat(server.toString()).doesNotContain(RESET_KEY, SERVER_ID_KEY);
			Http3ServerProperties properties = context.getBean(Http3ServerProperties.class);
			assertThat(properties.toString()).contains("QuicSettings").doesNotContain(RESET_KEY, SERVER_ID_KEY);
		}
		finally {
			this.levels.forEach(Logger::setLevel);
		}
		assertThat(output.getAll()).contains("HTTP/3 started on UDP port", " TRACE ", " DEBUG ")
			.doesNotContain(RESET_KEY, SERVER_ID_KEY, "PRIVATE KEY");
	}

	private void traceAll() {
		LOGGERS.stream().map((name) -> (Logger) LoggerFactory.getLogger(name)).forEach((logger) -> {
			this.levels.put(logger, logger.getLevel());
			logger.setLevel(Level.TRACE);
		});
	}

	private ConfigurableApplicationContext start(ApplicationContextInitializer<?>... initializers) throws Exception {
		Path keyStore = TestKeyStore.create(this.directory.resolve("server.p12"), "localhost");
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.REACTIVE)
			.initializers(initializers)
			.run("--server.port=0", "--http3.server.port=0", "--http3.server.enabled=true",
					"--spring.ssl.bundle.jks.test.keystore.location=" + keyStore.toUri(),
					"--spring.ssl.bundle.jks.test.keystore.password=" + TestKeyStore.PASSWORD,
					"--http3.server.ssl.bundle=test", "--http3.server.quic.stateless-reset-key=" + RESET_KEY,
					"--http3.server.quic.server-id=0a1b2c", "--http3.server.quic.server-id-nonce-length=7",
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
