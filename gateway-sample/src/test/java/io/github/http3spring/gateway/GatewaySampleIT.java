package io.github.http3spring.gateway;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.client.HttpClient;
import reactor.netty.tcp.SslProvider;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The gateway between clients over HTTP/3 and a backend over HTTP/1.1.
 */
@Timeout(120)
class GatewaySampleIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	@TempDir
	static Path directory;

	@AutoClose
	private final Backend backend = new Backend();

	@AutoClose
	private final WireClient client = WireClient.create();

	@Test
	void requestsInFlightSurviveTheRestartOfTheGateway() throws Exception {
		ConfigurableApplicationContext gateway = start(0);
		int port = port(gateway, "local.http3.server.port");
		List<WireConnection> connections = new ArrayList<>();
		List<WireStream> requests = new ArrayList<>();
		for (int number = 0; number < 3; number++) {
			WireConnection connection = connect(port);
			connections.add(connection);
			for (int request = 0; request < 4; request++) {
				requests.add(connection.get("/slow"));
			}
		}
		await().atMost(TIMEOUT).until(() -> this.backend.asked() == 12);
		gateway.close();
		assertThat(requests)
			.allSatisfy((request) -> assertThat(get(request.response()).bodyAsString()).isEqualTo("done"));
		assertThat(connections).allSatisfy((connection) -> {
			assertThat(connection.goAwayIds()).hasSize(2);
			assertThat(get(connection.closed())).isEqualTo(new CloseFrame(true, 0x100, ""));
		});
		try (ConfigurableApplicationContext restarted = start(port)) {
			WireResponse response = get(
					connect(port(restarted, "local.http3.server.port")).get("/protocol").response());
			assertThat(response.bodyAsString()).as("towards the backend").isEqualTo("HTTP/1.1");
		}
	}

	@Test
	void webSocketsGoOverTcpWhileRequestsGoOverHttp3() throws Exception {
		try (ConfigurableApplicationContext gateway = start(0)) {
			WireConnection connection = connect(port(gateway, "local.http3.server.port"));
			assertThat(get(connection.get("/protocol").response()).status()).isEqualTo(200);
			String echo = tcp(port(gateway, "local.server.port")).websocket()
				.uri("/ws/echo")
				.handle((in,
						out) -> out.sendString(Mono.just("hello")).then().thenMany(in.receive().asString().take(1)))
				.blockFirst(TIMEOUT);
			assertThat(echo).isEqualTo("hello");
			assertThat(get(connection.get("/ws/echo").response()).status()).as("HTTP/3 has no Upgrade").isEqualTo(400);
			String altSvc = tcp(port(gateway, "local.server.port")).get()
				.uri("/protocol")
				.response()
				.map((response) -> response.responseHeaders().get("Alt-Svc", ""))
				.block(TIMEOUT);
			assertThat(altSvc).startsWith("h3=\":");
		}
	}

	private ConfigurableApplicationContext start(int port) {
		return SpringApplication.run(GatewaySampleApplication.class, "--server.port=" + port,
				"--server.address=127.0.0.1", "--backend=" + this.backend.address(),
				"--http3.server.ssl.development-certificate-directory=" + directory,
				"--http3.server.udp.receive-buffer-size=200KB", "--http3.server.udp.send-buffer-size=200KB",
				"--spring.reactor.netty.shutdown-quiet-period=0s");
	}

	private WireConnection connect(int port) throws Exception {
		return get(this.client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
	}

	private static HttpClient tcp(int port) {
		SslProvider.GenericSslContextSpec<SslContextBuilder> tls = Http11SslContextSpec.forClient()
			.configure((builder) -> builder.trustManager(InsecureTrustManagerFactory.INSTANCE));
		return HttpClient.newConnection().baseUrl("https://localhost:" + port).secure((spec) -> spec.sslContext(tls));
	}

	private static int port(ConfigurableApplicationContext context, String property) {
		return context.getEnvironment().getRequiredProperty(property, Integer.class);
	}

	private static <T> T get(CompletableFuture<T> future) throws Exception {
		return future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
	}

}
