package io.github.http3spring.netty;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.http3spring.TestContextRunner;
import io.github.http3spring.TestHttpClient;
import io.github.http3spring.TestKeyStore;
import io.github.http3spring.netty.settings.QuicSettings;
import io.github.http3spring.server.Http3ServerCustomizer;
import io.github.http3spring.server.QuicServerCodecCustomizer;
import io.netty.channel.ChannelOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.embedded.netty.NettyServerCustomizer;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what a client sees of {@link QuicSettings} and of customizers.
 */
@Timeout(60)
@Isolated("captures the output")
@ExtendWith(OutputCaptureExtension.class)
class QuicSettingsIT {

	@TempDir
	static Path directory;

	private static Path keyStore;

	@TempDir
	Path qlogDirectory;

	private final ReactiveWebApplicationContextRunner runner = TestContextRunner.withTls(keyStore);

	@BeforeAll
	static void createKeyStore() throws Exception {
		keyStore = TestKeyStore.create(directory.resolve("server.p12"), "localhost");
	}

	@Test
	void socketOptionsForTcpDisturbNoHttp3Request(CapturedOutput output) {
		NettyServerCustomizer customizer = (server) -> server.option(ChannelOption.SO_BACKLOG, 100)
			.option(ChannelOption.SO_REUSEADDR, true)
			.childOption(ChannelOption.SO_KEEPALIVE, true)
			.childOption(ChannelOption.TCP_NODELAY, true);
		this.runner.withBean(NettyServerCustomizer.class, () -> customizer).run((context) -> {
			try (TestHttpClient client = new TestHttpClient()) {
				assertThat(TestHttpClient.get(client.http3(port(context)), "/peer")).isNotEmpty();
			}
			assertThat(output.getOut()).doesNotContain("WARN");
		});
	}

	@Test
	void transportParametersAreTheDefaults() {
		this.runner.run((context) -> assertThat(transportParameters(context)).containsEntry("max_idle_timeout", 30_000)
			.containsEntry("initial_max_data", 256 << 10)
			.containsEntry("initial_max_stream_data_bidi_local", 128 << 10)
			.containsEntry("initial_max_stream_data_bidi_remote", 128 << 10)
			.containsEntry("initial_max_stream_data_uni", 32 << 10)
			.containsEntry("initial_max_streams_bidi", 100)
			.containsEntry("initial_max_streams_uni", 16)
			.containsEntry("ack_delay_exponent", 3)
			.containsEntry("max_ack_delay", 25)
			.containsEntry("active_connection_id_limit", 64)
			.containsEntry("max_udp_payload_size", 2048)
			.containsEntry("disable_active_migration", false));
	}

	@Test
	void transportParametersAreThoseOfTheProperties() {
		String prefix = "http3.server.quic.";
		this.runner.withPropertyValues(prefix + "max-idle-timeout=7s", prefix + "initial-max-data=5MB",
				prefix + "initial-max-stream-data-bidi-local=11KB", prefix + "initial-max-stream-data-bidi-remote=12KB",
				prefix + "initial-max-stream-data-uni=13KB", prefix + "initial-max-streams-bidi=14",
				prefix + "initial-max-streams-uni=15", prefix + "ack-delay-exponent=4", prefix + "max-ack-delay=30ms",
				prefix + "active-connection-id-limit=5", prefix + "active-migration=false",
				prefix + "max-udp-payload-size=1400B")
			.run((context) -> assertThat(transportParameters(context)).containsEntry("max_idle_timeout", 7_000)
				.containsEntry("initial_max_data", 5 << 20)
				.containsEntry("initial_max_stream_data_bidi_local", 11 << 10)
				.containsEntry("initial_max_stream_data_bidi_remote", 12 << 10)
				.containsEntry("initial_max_stream_data_uni", 13 << 10)
				.containsEntry("initial_max_streams_bidi", 14)
				.containsEntry("initial_max_streams_uni", 15)
				.containsEntry("ack_delay_exponent", 4)
				.containsEntry("max_ack_delay", 30)
				.containsEntry("active_connection_id_limit", 5)
				.containsEntry("max_udp_payload_size", 1400)
				.containsEntry("disable_active_migration", true));
	}

	@ParameterizedTest
	@EnumSource
	void requestsAreServedWithEveryCongestionControl(QuicSettings.CongestionControl algorithm) {
		this.runner
			.withPropertyValues("http3.server.quic.congestion-control=" + algorithm,
					"http3.server.quic.initial-congestion-window-packets=20", "http3.server.quic.hystart=false")
			.run((context) -> {
				try (TestHttpClient client = new TestHttpClient()) {
					assertThat(TestHttpClient.get(client.http3(port(context)), "/peer")).isNotEmpty();
				}
			});
	}

	@Test
	void customizerOfTheCodecOverridesProperties() {
		this.runner.withPropertyValues("http3.server.quic.initial-max-streams-bidi=14")
			.withBean(QuicServerCodecCustomizer.class, () -> (builder) -> builder.initialMaxStreamsBidirectional(7))
			.run((context) -> assertThat(transportParameters(context)).containsEntry("initial_max_streams_bidi", 7));
	}

	@Test
	void customizersOfTheServerSeeItsRequests() {
		List<String> requests = new CopyOnWriteArrayList<>();
		Http3ServerCustomizer customizer = (server) -> server.accessLog(true, (request) -> {
			requests.add(request.protocol() + " " + request.uri());
			return null;
		});
		this.runner.withBean(Http3ServerCustomizer.class, () -> customizer).run((context) -> {
			try (TestHttpClient client = new TestHttpClient()) {
				TestHttpClient.get(client.http3(port(context)), "/peer");
			}
			await().atMost(TestHttpClient.TIMEOUT)
				.untilAsserted(() -> assertThat(requests).containsExactly("HTTP/3.0 /peer"));
		});
	}

	private Map<String, Object> transportParameters(ApplicationContext context) throws Exception {
		return QuicPeer.transportParameters(port(context), this.qlogDirectory.resolve("client.qlog"));
	}

	private static int port(ApplicationContext context) {
		return context.getEnvironment().getRequiredProperty("local.http3.server.port", Integer.class);
	}

}
