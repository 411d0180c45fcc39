package io.github.http3spring;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.http3spring.actuate.Http3ServerMeters;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Sinks;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.tcp.SslProvider;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What Prometheus scrapes of an application, until its end.
 */
@Timeout(120)
class Http3MetricsIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(15);

	/**
	 * Each meter of the enum as Prometheus sees it.
	 */
	private static final Map<Http3ServerMeters, String> TYPES = Map.ofEntries(
			Map.entry(Http3ServerMeters.CONNECTIONS_ACTIVE, "http3_server_connections_active_connections gauge"),
			Map.entry(Http3ServerMeters.CONNECTIONS_ACCEPTED,
					"http3_server_connections_accepted_connections_total counter"),
			Map.entry(Http3ServerMeters.CONNECTIONS_REFUSED,
					"http3_server_connections_refused_connections_total counter"),
			Map.entry(Http3ServerMeters.CONNECTIONS_CLOSED,
					"http3_server_connections_closed_connections_total counter"),
			Map.entry(Http3ServerMeters.HANDSHAKE_FAILURES,
					"http3_server_handshake_failures_connections_total counter"),
			Map.entry(Http3ServerMeters.REQUESTS_ACTIVE, "http3_server_requests_active_requests gauge"),
			Map.entry(Http3ServerMeters.REQUESTS_ENDED, "http3_server_requests_ended_requests_total counter"),
			Map.entry(Http3ServerMeters.DATA_UNDELIVERED, "http3_server_data_undelivered_bytes gauge"),
			Map.entry(Http3ServerMeters.DATA_UNSENT, "http3_server_data_unsent_bytes gauge"),
			Map.entry(Http3ServerMeters.GOAWAYS, "http3_server_goaways_frames_total counter"),
			Map.entry(Http3ServerMeters.SHUTDOWN, "http3_server_shutdown_seconds summary"),
			Map.entry(Http3ServerMeters.ROUND_TRIP_TIME, "http3_server_round_trip_time_seconds summary"),
			Map.entry(Http3ServerMeters.PACKET_LOSS, "http3_server_packet_loss_ratio summary"),
			Map.entry(Http3ServerMeters.PACKETS, "http3_server_packets_total counter"),
			Map.entry(Http3ServerMeters.PACKETS_LOST, "http3_server_packets_lost_packets_total counter"),
			Map.entry(Http3ServerMeters.BYTES, "http3_server_bytes_total counter"));

	private static final Pattern SAMPLE = Pattern.compile("(\\w+)\\{(.*)} (\\S+)");

	private static final Pattern TAG = Pattern.compile("(\\w+)=\"([^\"]*)\"");

	@TempDir
	static Path directory;

	private static Path keyStore;

	private final java.net.http.HttpClient management = java.net.http.HttpClient.newHttpClient();

	private final TestHttpClient clients = new TestHttpClient();

	private final WireClient client = WireClient.create();

	private ConfigurableApplicationContext context;

	@BeforeAll
	static void createKeyStore() throws Exception {
		keyStore = TestKeyStore.create(directory.resolve("server.p12"), "localhost");
	}

	@BeforeEach
	void start() {
		System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
		this.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.REACTIVE)
			.properties("server.port=0", "server.address=127.0.0.1", "server.http2.enabled=true",
					"server.ssl.key-store=" + keyStore, "server.ssl.key-store-password=" + TestKeyStore.PASSWORD,
					"management.server.port=0", "management.server.ssl.enabled=false",
					"management.endpoints.web.exposure.include=prometheus", "spring.main.banner-mode=off",
					"spring.main.register-shutdown-hook=false", "spring.reactor.netty.shutdown-quiet-period=0s")
			.run();
	}

	@AfterEach
	void close() {
		this.client.close();
		this.clients.close();
		this.context.close();
	}

	@Test
	void everyMeterIsScraped() throws Exception {
		WireConnection connection = connect();
		get(connection.get("/hello").response());
		assertThat(get(server().shutDownConnections(null))).isOne();
		get(connection.closed());
		await().atMost(TIMEOUT).until(() -> server().getTotals().connections().completed() == 1);
		String scrape = scrape();
		assertThat(TYPES).containsOnlyKeys(Http3ServerMeters.values());
		assertThat(scrape.lines().filter((line) -> line.startsWith("# TYPE http3_")))
			.containsAll(TYPES.values().stream().map((type) -> "# TYPE " + type).toList())
			// The maximum of each distribution is a gauge of its own
			.filteredOn((line) -> !line.endsWith("_max gauge"))
			.hasSize(TYPES.size());
		assertThat(value(scrape, "http3_server_connections_closed_connections_total{outcome=\"completed\"}")).isOne();
		assertThat(value(scrape, "http3_server_requests_ended_requests_total{outcome=\"completed\"}")).isOne();
		assertThat(value(scrape, "http3_server_goaways_frames_total")).isEqualTo(2);
		assertThat(value(scrape, "http3_server_round_trip_time_seconds_count")).isOne();
		assertThat(value(scrape, "http3_server_round_trip_time_seconds_sum")).isBetween(0.000_001, 1.0);
		assertThat(value(scrape, "http3_server_packet_loss_ratio_count")).isOne();
		assertThat(value(scrape, "http3_server_bytes_total{direction=\"sent\"}")).isGreaterThan(500);
		assertThat(value(scrape, "http3_server_bytes_total{direction=\"received\"}")).isGreaterThan(500);
		assertThat(value(scrape, "http3_server_packets_total{direction=\"sent\"}")).isGreaterThan(3);
		assertThat(value(scrape, "http3_server_packets_total{direction=\"received\"}")).isGreaterThan(3);
	}

	@Test
	void requestsAreTimedOnceAndByTheVersionOfHttp() throws Exception {
		int port = server().getPort();
		int tcpPort = this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
		HttpClient http3 = this.clients.http3(port);
		assertThat(TestHttpClient.get(http3, "/hello")).isEqualTo("hello");
		assertThat(TestHttpClient.get(http3, "/hello")).isEqualTo("hello");
		assertThat(TestHttpClient.get(this.clients.tcp(tcpPort), "/hello")).isEqualTo("hello");
		assertThat(TestHttpClient.get(http2(tcpPort), "/hello")).isEqualTo("hello");
		assertThat(TestHttpClient.get(http3, "/missing")).contains("404");
		await().atMost(TIMEOUT)
			.untilAsserted(() -> assertThat(requests("http_server_requests_seconds_count").stream()
				.filter((sample) -> "/hello".equals(sample.get("uri")))
				.collect(Collectors.toMap((sample) -> sample.get("network_protocol_version"),
						(sample) -> sample.get(""))))
				.containsOnly(Map.entry("3", "2"), Map.entry("2", "1"), Map.entry("1.1", "1")));
		List<Map<String, String>> samples = requests("http_server_requests_seconds_count");
		assertThat(samples).anyMatch((sample) -> "404".equals(sample.get("status")))
			.allMatch((sample) -> sample.keySet().equals(samples.get(0).keySet()), "has the same keys");
		assertThat(scrape().lines().filter((line) -> line.startsWith("http3_") && line.contains("uri="))).isEmpty();
	}

	@Test
	void lastScrapeTellsOfTheShutdownAndNothingIsLostUntilTheEnd() throws Exception {
		WireConnection connection = connect();
		get(connection.get("/hello").response());
		int tcpPort = this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
		Application application = this.context.getBean(Application.class);
		// TCP holds the management server up when HTTP/3 is done
		CompletableFuture<String> held = this.clients.tcp(tcpPort)
			.get()
			.uri("/held")
			.responseContent()
			.aggregate()
			.asString()
			.toFuture();
		await().atMost(TIMEOUT).until(() -> application.release.currentSubscriberCount() == 1);
		PrometheusMeterRegistry registry = this.context.getBean(PrometheusMeterRegistry.class);
		CompletableFuture<Void> closing = CompletableFuture.runAsync(this.context::close);
		get(connection.closed());
		await().atMost(TIMEOUT)
			.untilAsserted(() -> assertThat(value(scrape(), "http3_server_shutdown_seconds_count")).isOne());
		assertShutdownIsTold(scrape());
		application.release.tryEmitComplete();
		assertThat(get(held)).isEqualTo("released");
		get(closing);
		assertShutdownIsTold(registry.scrape());
	}

	private static void assertShutdownIsTold(String scrape) {
		assertThat(value(scrape, "http3_server_shutdown_seconds_count")).isOne();
		assertThat(value(scrape, "http3_server_shutdown_seconds_sum")).isBetween(0.01, 10.0);
		assertThat(value(scrape, "http3_server_connections_closed_connections_total{outcome=\"completed\"}")).isOne();
		assertThat(value(scrape, "http3_server_connections_active_connections")).isZero();
		assertThat(value(scrape, "http3_server_round_trip_time_seconds_count")).isOne();
	}

	private static double value(String scrape, String name) {
		return scrape.lines()
			.filter((line) -> line.startsWith(name + " "))
			.mapToDouble((line) -> Double.parseDouble(line.substring(name.length() + 1)))
			.findFirst()
			.orElse(Double.NaN);
	}

	/**
	 * Return the tags of each sample of a metric, and its value as the tag without a
	 * name.
	 */
	private List<Map<String, String>> requests(String name) throws Exception {
		return scrape().lines()
			.map(SAMPLE::matcher)
			.filter((line) -> line.matches() && line.group(1).equals(name))
			.map((line) -> {
				Map<String, String> tags = new HashMap<>();
				tags.put("", String.valueOf((long) Double.parseDouble(line.group(3))));
				Matcher tag = TAG.matcher(line.group(2));
				while (tag.find()) {
					tags.put(tag.group(1), tag.group(2));
				}
				return tags;
			})
			.toList();
	}

	private String scrape() throws Exception {
		String port = this.context.getEnvironment().getRequiredProperty("local.management.port");
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/prometheus"))
			.timeout(TIMEOUT)
			.build();
		return this.management.send(request, HttpResponse.BodyHandlers.ofString()).body();
	}

	private HttpClient http2(int port) {
		SslProvider.GenericSslContextSpec<SslContextBuilder> sslContext = Http2SslContextSpec.forClient()
			.configure((builder) -> builder.trustManager(InsecureTrustManagerFactory.INSTANCE));
		return this.clients.tcp(port).protocol(HttpProtocol.H2).secure((spec) -> spec.sslContext(sslContext));
	}

	private Http3Server server() {
		return this.context.getBean(Http3Server.class);
	}

	private WireConnection connect() throws Exception {
		return get(this.client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server().getPort())));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		private final Sinks.Many<String> release = Sinks.many().multicast().onBackpressureBuffer();

		@Bean
		RouterFunction<ServerResponse> routes() {
			return RouterFunctions.route()
				.GET("/hello", (request) -> ServerResponse.ok().bodyValue("hello"))
				.GET("/held", (request) -> this.release.asFlux().then(ServerResponse.ok().bodyValue("released")))
				.build();
		}

	}

}
