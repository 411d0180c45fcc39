package io.github.http3spring;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.http3spring.context.Http3ServerInitializedEvent;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ServerCustomizer;
import io.github.http3spring.server.Http3ServerState;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;
import io.netty.channel.Channel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Every operation of the Actuator endpoint {@code http3} over HTTP, with health, info and
 * metrics, while the server runs and while it shuts down.
 */
@Timeout(120)
class Http3ActuatorIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(15);

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final Map<String, String> JSON = Map.of("content-type", "application/json");

	private static final String HIDDEN = "******";

	@TempDir
	static Path directory;

	private static Path keyStore;

	private final HttpClient tcp = HttpClient.newHttpClient();

	private final ObjectMapper mapper = new ObjectMapper();

	private WireClient client;

	private ConfigurableApplicationContext context;

	@BeforeAll
	static void createKeyStore() throws Exception {
		keyStore = TestKeyStore.create(directory.resolve("server.p12"), "localhost");
	}

	@BeforeEach
	void createClient() {
		this.client = WireClient.create();
	}

	@AfterEach
	void close() {
		this.client.close();
		if (this.context != null) {
			this.context.close();
		}
	}

	@Test
	void readOnlyAccessShowsAndRefusesToShutDown() throws Exception {
		start("management.endpoint.http3.access=read-only");
		connect();
		assertThat(tcpGet("/actuator/http3").statusCode()).isEqualTo(200);
		String id = json(tcpGet("/actuator/http3")).at("/connections/items/0/id").asText();
		assertThat(tcpPost("/actuator/http3", "").statusCode()).isEqualTo(405);
		assertThat(tcpPost("/actuator/http3/" + id, "").statusCode()).isEqualTo(405);
		assertThat(json(tcpGet("/actuator/http3/" + id)).get("state").asText()).isEqualTo("OPEN");
	}

	@Test
	void invalidParametersAreRefused() throws Exception {
		start();
		assertThat(tcpGet("/actuator/http3?limit=1001").statusCode()).isEqualTo(400);
		assertThat(tcpGet("/actuator/http3?limit=-1").statusCode()).isEqualTo(400);
		assertThat(tcpGet("/actuator/http3?offset=-1").statusCode()).isEqualTo(400);
		assertThat(tcpPost("/actuator/http3", "{\"gracePeriod\":\"-1s\"}").statusCode()).isEqualTo(400);
		assertThat(tcpPost("/actuator/http3", "{\"gracePeriod\":\"soon\"}").statusCode()).isEqualTo(400);
	}

	@Test
	void unknownConnectionIsNotFound() throws Exception {
		start();
		assertThat(tcpGet("/actuator/http3/unknown").statusCode()).isEqualTo(404);
		assertThat(tcpPost("/actuator/http3/unknown", "").statusCode()).isEqualTo(404);
	}

	@Test
	void peersAndPathsAreHiddenByDefault() throws Exception {
		start();
		connect().get("/never");
		await().atMost(TIMEOUT).until(() -> server().getTotals().requests().active() == 1);
		JsonNode connection = json(tcpGet("/actuator/http3")).at("/connections/items/0");
		assertThat(connection.get("peer").asText()).isEqualTo(HIDDEN);
		assertThat(connection.at("/openRequests/0/path").asText()).isEqualTo(HIDDEN);
		assertThat(connection.at("/openRequests/0/method").asText()).isEqualTo("GET");
	}

	@Test
	void endpointShowsTheServer() throws Exception {
		start("management.endpoint.http3.show-values=always");
		WireConnection connection = connect();
		get(connection.get("/hello").response());
		connection.get("/never?token=secret");
		await().atMost(TIMEOUT).until(() -> server().getTotals().requests().active() == 1);
		JsonNode shown = json(tcpGet("/actuator/http3"));
		assertThat(shown.get("state").asText()).isEqualTo("RUNNING");
		assertThat(shown.get("port").asInt()).isEqualTo(server().getPort());
		assertThat(shown.at("/runtime/quicAvailable").asBoolean()).isTrue();
		assertThat(shown.at("/runtime/quicheVersion").asText()).isNotEmpty();
		assertThat(shown.at("/runtime/transport").asText()).isIn("epoll", "nio");
		assertThat(shown.at("/runtime/workers").asInt()).isPositive();
		assertThat(shown.at("/runtime/gso").isBoolean()).isTrue();
		assertThat(shown.at("/runtime/receiveBufferSize").asInt()).isPositive();
		assertThat(shown.at("/runtime/sendBufferSize").asInt()).isPositive();
		assertThat(shown.at("/connections/total").asInt()).isOne();
		assertThat(shown.at("/connections/offset").asInt()).isZero();
		assertThat(shown.at("/connections/items")).hasSize(1);
		assertThat(shown.has("lastShutdown")).isFalse();
		JsonNode item = shown.at("/connections/items/0");
		assertThat(item.get("id").asText()).isNotEmpty();
		assertThat(item.get("peer").asText()).isEqualTo(connection.localAddress().toString());
		assertThat(item.get("state").asText()).isEqualTo("OPEN");
		assertThat(duration(item.get("age"))).isPositive();
		assertThat(duration(item.get("roundTripTime"))).isPositive();
		assertThat(item.get("bytesSent").asLong()).isPositive();
		assertThat(item.get("bytesReceived").asLong()).isPositive();
		assertThat(item.get("packetsLost").isIntegralNumber()).isTrue();
		assertThat(item.get("migrations").asInt()).isZero();
		assertThat(item.get("goAwayIds")).isEmpty();
		assertThat(item.get("openRequestCount").asInt()).isOne();
		assertThat(item.at("/openRequests/0/method").asText()).isEqualTo("GET");
		assertThat(item.at("/openRequests/0/path").asText()).isEqualTo("/never");
		assertThat(duration(item.at("/openRequests/0/age"))).isPositive();
		JsonNode totals = shown.get("totals");
		assertThat(totals.at("/connections/accepted").asInt()).isOne();
		Stream.of("refused", "handshakeFailures", "completed", "atDeadline", "closedByPeer", "timedOut", "vanished")
			.forEach((name) -> assertThat(totals.at("/connections/" + name).asInt(-1)).as(name).isZero());
		assertThat(totals.at("/requests/accepted").asInt()).isEqualTo(2);
		assertThat(totals.at("/requests/completed").asInt()).isOne();
		assertThat(totals.at("/requests/rejected").asInt(-1)).isZero();
		assertThat(totals.at("/requests/cancelled").asInt(-1)).isZero();
		assertThat(totals.get("goAwaysSent").asInt(-1)).isZero();
		assertThat(totals.at("/requests/lost").asInt(-1)).isZero();
		assertThat(json(tcpGet("/actuator/http3?offset=1")).at("/connections/items")).isEmpty();
		assertThat(json(tcpGet("/actuator/http3?limit=0")).at("/connections/items")).isEmpty();
	}

	@Test
	void oneConnectionIsShutDownOverTcpAndTheServerLivesOn() throws Exception {
		start();
		WireConnection first = connect();
		get(first.get("/hello").response());
		String id = json(tcpGet("/actuator/http3?limit=1")).at("/connections/items/0/id").asText();
		WireConnection second = connect();
		HttpResponse<String> response = tcpPost("/actuator/http3/" + id, "");
		assertThat(response.statusCode()).isEqualTo(202);
		assertThat(json(response).get("connections").asInt()).isOne();
		assertThat(get(first.closed())).isEqualTo(NO_ERROR);
		assertThat(get(second.get("/hello").response()).status()).isEqualTo(200);
		assertThat(json(tcpGet("/actuator/health/http3")).get("status").asText()).isEqualTo("UP");
	}

	@Test
	void allConnectionsAreCutOffAfterTheGracePeriod() throws Exception {
		start();
		WireConnection connection = connect();
		WireStream never = connection.get("/never");
		await().atMost(TIMEOUT).until(() -> server().getTotals().requests().active() == 1);
		assertThat(tcpPost("/actuator/http3", "{\"gracePeriod\":\"200ms\"}").statusCode()).isEqualTo(202);
		assertThat(get(never.response()).status()).isEqualTo(503);
		assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
		await().atMost(TIMEOUT)
			.untilAsserted(
					() -> assertThat(json(tcpGet("/actuator/http3")).at("/totals/connections/atDeadline").asInt())
						.isOne());
	}

	@Test
	void endpointIsUsedOverHttp3Itself() throws Exception {
		start("management.server.port=");
		WireConnection connection = connect();
		WireResponse response = get(connection.get("/actuator/http3").response());
		assertThat(response.status()).isEqualTo(200);
		JsonNode item = this.mapper.readTree(response.bodyAsString()).at("/connections/items/0");
		assertThat(item.get("openRequestCount").asInt()).isOne();
		String id = item.get("id").asText();
		WireResponse one = get(connection.get("/actuator/http3/" + id).response());
		assertThat(this.mapper.readTree(one.bodyAsString()).get("id").asText()).isEqualTo(id);
		WireStream shutDown = connection.request("POST", "/actuator/http3/" + id, JSON);
		shutDown.finish();
		assertThat(get(shutDown.response()).status()).isEqualTo(202);
		assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
		WireConnection second = connect();
		WireStream shutDownAll = second.request("POST", "/actuator/http3", JSON);
		shutDownAll.finish();
		WireResponse answer = get(shutDownAll.response());
		assertThat(answer.status()).isEqualTo(202);
		assertThat(this.mapper.readTree(answer.bodyAsString()).get("connections").asInt()).isOne();
		assertThat(get(second.closed())).isEqualTo(NO_ERROR);
	}

	@Test
	void endpointTellsOfAShutdownThatIsUnderWay() throws Exception {
		start("management.endpoint.http3.show-values=always");
		WireConnection connection = connect();
		WireStream never = connection.get("/never");
		await().atMost(TIMEOUT).until(() -> server().getTotals().requests().active() == 1);
		String id = json(tcpGet("/actuator/http3")).at("/connections/items/0/id").asText();
		Http3Server server = server();
		CompletableFuture<Void> closing = CompletableFuture.runAsync(this.context::close);
		get(connection.goAway(2));
		JsonNode shown = json(tcpGet("/actuator/http3"));
		assertThat(shown.get("state").asText()).isEqualTo("SHUTTING_DOWN");
		assertThat(shown.at("/connections/items/0/state").asText()).isEqualTo("COMPLETING");
		assertThat(shown.at("/connections/items/0/goAwayIds")).hasSize(2);
		assertThat(shown.at("/totals/goAwaysSent").asInt()).isEqualTo(2);
		HttpResponse<String> health = tcpGet("/actuator/health/http3");
		assertThat(health.statusCode()).isEqualTo(503);
		assertThat(json(health).get("status").asText()).isEqualTo("OUT_OF_SERVICE");
		assertThat(metric("http3.server.requests.active")).isOne();
		assertThat(metric("http3.server.goaways")).isEqualTo(2);
		assertThat(json(tcpGet("/actuator/http3/" + id)).at("/openRequests/0/path").asText()).isEqualTo("/never");
		// The only way to let go of a request that would hold the shutdown up
		assertThat(tcpPost("/actuator/http3/" + id, "{\"gracePeriod\":\"0s\"}").statusCode()).isEqualTo(202);
		assertThat(get(never.response()).status()).isEqualTo(503);
		assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
		get(closing);
		assertThat(server.getState()).isEqualTo(Http3ServerState.STOPPED);
		assertThat(server.getShutdownVerdict().orElseThrow().connections().atDeadline()).isOne();
	}

	@Test
	void separateManagementServerDoesNotStartHttp3Twice() {
		start();
		assertThat(this.context.getBean(Starts.class).count()).isOne();
		assertThat(this.context.getEnvironment().getProperty("local.management.port", Integer.class))
			.isNotEqualTo(this.context.getEnvironment().getProperty("local.server.port", Integer.class));
	}

	@Test
	void healthIsDownWhenTheSocketIsGone() throws Exception {
		start();
		this.context.getBean(Socket.class).close();
		await().atMost(TIMEOUT).until(() -> tcpGet("/actuator/health/http3").statusCode() == 503);
		assertThat(json(tcpGet("/actuator/health/http3")).get("status").asText()).isEqualTo("DOWN");
		assertThat(json(tcpGet("/actuator/http3")).get("state").asText()).isEqualTo("STOPPED");
		assertThat(server().getPort()).isEqualTo(-1);
	}

	@Test
	void readinessDependsOnTheServerByChoice() throws Exception {
		start("management.endpoint.health.probes.enabled=true",
				"management.endpoint.health.group.readiness.include=readinessState,http3");
		HttpResponse<String> ready = tcpGet("/actuator/health/readiness");
		assertThat(ready.statusCode()).isEqualTo(200);
		assertThat(json(ready).get("components").properties()).extracting(Map.Entry::getKey)
			.containsExactlyInAnyOrder("readinessState", "http3");
		this.context.getBean(Socket.class).close();
		await().atMost(TIMEOUT).until(() -> tcpGet("/actuator/health/readiness").statusCode() == 503);
	}

	@Test
	void healthInfoAndMetricsTellOfTheServer() throws Exception {
		start("management.info.http3.enabled=true");
		get(connect().get("/hello").response());
		JsonNode health = json(tcpGet("/actuator/health/http3"));
		assertThat(health.get("status").asText()).isEqualTo("UP");
		assertThat(health.at("/details/port").asInt()).isEqualTo(server().getPort());
		assertThat(health.at("/details/quicheVersion").asText()).isNotEmpty();
		assertThat(health.at("/details/receiveBufferSize").asInt()).isPositive();
		JsonNode info = json(tcpGet("/actuator/info")).get("http3");
		assertThat(info.get("workers").asInt()).isPositive();
		assertThat(info.get("port").asInt()).isEqualTo(server().getPort());
		await().atMost(TIMEOUT).until(() -> metric("http3.server.requests.ended?tag=outcome:completed") == 1);
		assertThat(metric("http3.server.connections.accepted")).isOne();
		assertThat(metric("http3.server.connections.active")).isOne();
	}

	private double metric(String name) throws Exception {
		return json(tcpGet("/actuator/metrics/" + name)).at("/measurements/0/value").asDouble();
	}

	private void start(String... properties) {
		System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
		// Reactor Netty 1.2.18 may stop reading from a TCP connection that is kept alive,
		// if another thread answers one request and its own the next (reactor-netty#4361)
		this.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.REACTIVE)
			.properties("server.port=0", "server.address=127.0.0.1", "server.ssl.key-store=" + keyStore,
					"server.ssl.key-store-password=" + TestKeyStore.PASSWORD, "management.server.port=0",
					"management.server.ssl.enabled=false", "management.endpoints.web.exposure.include=*",
					"management.endpoint.health.show-details=always", "spring.main.banner-mode=off",
					"spring.main.register-shutdown-hook=false", "spring.reactor.netty.shutdown-quiet-period=0s",
					"server.netty.max-keep-alive-requests=1")
			.run(Stream.of(properties).map((property) -> "--" + property).toArray(String[]::new));
	}

	private Http3Server server() {
		return this.context.getBean(Http3Server.class);
	}

	private WireConnection connect() throws Exception {
		return get(this.client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server().getPort())));
	}

	private HttpResponse<String> tcpGet(String path) throws Exception {
		return this.tcp.send(HttpRequest.newBuilder(uri(path)).timeout(TIMEOUT).build(),
				HttpResponse.BodyHandlers.ofString());
	}

	private HttpResponse<String> tcpPost(String path, String body) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
			.timeout(TIMEOUT)
			.header("Content-Type", "application/json");
		return this.tcp.send(request.POST(HttpRequest.BodyPublishers.ofString(body)).build(),
				HttpResponse.BodyHandlers.ofString());
	}

	private URI uri(String path) {
		return URI
			.create("http://127.0.0.1:" + this.context.getEnvironment().getProperty("local.management.port") + path);
	}

	private JsonNode json(HttpResponse<String> response) throws Exception {
		return this.mapper.readTree(response.body());
	}

	private static Duration duration(JsonNode node) {
		return Duration.parse(node.asText());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Starts.class, Socket.class })
	static class Application {

		@Bean
		RouterFunction<ServerResponse> routes() {
			return RouterFunctions.route()
				.GET("/hello", (request) -> ServerResponse.ok().bodyValue("hello"))
				.GET("/never", (request) -> Mono.never())
				.build();
		}

	}

	/**
	 * Knows the UDP socket.
	 */
	static class Socket implements Http3ServerCustomizer {

		private volatile Channel channel;

		@Override
		public HttpServer customize(HttpServer server) {
			return server.doOnBound((bound) -> this.channel = bound.channel());
		}

		void close() {
			this.channel.close();
		}

	}

	/**
	 * Counts how often an HTTP/3 server has started.
	 */
	static class Starts implements ApplicationListener<Http3ServerInitializedEvent> {

		private final AtomicInteger count = new AtomicInteger();

		@Override
		public void onApplicationEvent(Http3ServerInitializedEvent event) {
			this.count.incrementAndGet();
		}

		int count() {
			return this.count.get();
		}

	}

}
