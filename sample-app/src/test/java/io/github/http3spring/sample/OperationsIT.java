package io.github.http3spring.sample;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

import static io.github.http3spring.sample.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an operator does with curl, on a management port of its own, while the sample runs
 * and while it shuts down. Without curl the tests are skipped, except in CI.
 */
@EnabledIf(value = "isCurlThereOrExpected", disabledReason = "curl is not installed")
class OperationsIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(15);

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final String CURL = "curl";

	private static final String[] OPTIONS = { "--management.server.port=0", "--management.server.ssl.enabled=false",
			"--management.info.http3.enabled=true", "--management.endpoint.http3.show-values=always",
			"--management.endpoint.health.group.readiness.include=readinessState,http3" };

	private static SampleProcess running;

	private final ObjectMapper mapper = new ObjectMapper();

	@AutoClose
	private final WireClient client = WireClient.create();

	@TempDir
	private Path directory;

	private SampleProcess sample = running;

	static boolean isCurlThereOrExpected() {
		String[] path = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator);
		return System.getenv("CI") != null
				|| Arrays.stream(path).anyMatch((entry) -> Files.isExecutable(Path.of(entry, CURL)));
	}

	@BeforeAll
	static void startSample() throws Exception {
		running = SampleProcess.serve(OPTIONS);
	}

	@AfterAll
	static void stopSample() {
		running.close();
	}

	@Test
	void everyOperationWorksWhileTheServerRuns() throws Exception {
		WireConnection first = connect();
		WireStream slow = first.get("/slow?millis=2000");
		await().atMost(TIMEOUT).until(() -> metric("http3.server.requests.active") == 1);
		WireConnection second = connect();

		assertThat(curl(200, "health/http3").get("status").asText()).isEqualTo("UP");
		assertThat(curl(200, "health/readiness").at("/components/http3/status").asText()).isEqualTo("UP");
		assertThat(curl(200, "info").at("/http3/port").asInt()).isEqualTo(this.sample.udpPort());
		assertThat(metric("http3.server.connections.accepted")).isEqualTo(2);
		JsonNode server = curl(200, "http3");
		assertThat(server.get("state").asText()).isEqualTo("RUNNING");
		assertThat(server.at("/connections/total").asInt()).isEqualTo(2);
		assertThat(server.at("/connections/items/0/peer").asText()).isEqualTo(first.localAddress().toString());
		assertThat(server.at("/connections/items/0/openRequests/0/path").asText()).isEqualTo("/slow");
		assertThat(curl(200, "http3?offset=1&limit=1").at("/connections/items")).hasSize(1);
		String id = server.at("/connections/items/0/id").asText();
		assertThat(curl(200, "http3/" + id).get("state").asText()).isEqualTo("OPEN");

		assertThat(shutDown(202, "http3/" + id, "{}").get("connections").asInt()).isOne();
		assertThat(get(slow.response()).bodyAsString()).isEqualTo("done");
		assertThat(get(first.closed())).isEqualTo(NO_ERROR);
		assertThat(shutDown(202, "http3", "{\"gracePeriod\":\"10s\"}").get("connections").asInt()).isOne();
		assertThat(get(second.closed())).isEqualTo(NO_ERROR);
		await().atMost(TIMEOUT).until(() -> metric("http3.server.connections.closed?tag=outcome:completed") == 2);
		assertThat(get(connect().get("/hello").response()).status()).isEqualTo(200);
		assertThat(this.sample.lines()).noneMatch((line) -> line.contains("HTTP/3 shutdown started"));
	}

	@Test
	void wrongRequestsAreRefusedWithAReason() throws Exception {
		curl(404, "http3/unknown");
		shutDown(404, "http3/unknown", "{}");
		assertThat(curl(400, "http3?limit=1001").get("status").asInt()).isEqualTo(400);
		shutDown(400, "http3", "{\"gracePeriod\":\"-1s\"}");
	}

	@Test
	void nothingIsShutDownThroughAnEndpointThatIsReadOnly() throws Exception {
		try (SampleProcess readOnly = SampleProcess
			.serve(concat(OPTIONS, "--management.endpoint.http3.access=read-only"))) {
			this.sample = readOnly;
			WireConnection connection = connect();
			String id = curl(200, "http3").at("/connections/items/0/id").asText();
			shutDown(405, "http3", "{}");
			shutDown(405, "http3/" + id, "{}");
			assertThat(curl(200, "http3/" + id).get("state").asText()).isEqualTo("OPEN");
			assertThat(get(connection.get("/hello").response()).status()).isEqualTo(200);
		}
	}

	@Test
	void everyOperationWorksWhileARequestHoldsTheShutdownUp() throws Exception {
		try (SampleProcess ending = SampleProcess.serve(OPTIONS)) {
			this.sample = ending;
			WireConnection first = connect();
			WireStream held = first.get("/slow?millis=60000");
			WireConnection second = connect();
			WireStream alsoHeld = second.get("/slow?millis=60000");
			await().atMost(TIMEOUT).until(() -> metric("http3.server.requests.active") == 2);
			this.sample.terminate();
			get(first.goAway(2));
			get(second.goAway(2));

			assertThat(curl(503, "health/http3").get("status").asText()).isEqualTo("OUT_OF_SERVICE");
			JsonNode readiness = curl(503, "health/readiness");
			assertThat(readiness.get("status").asText()).isEqualTo("OUT_OF_SERVICE");
			assertThat(readiness.at("/components/http3/status").asText()).isEqualTo("OUT_OF_SERVICE");
			assertThat(curl(200, "health/liveness").get("status").asText()).isEqualTo("UP");
			assertThat(curl(200, "info").at("/http3/port").asInt()).isEqualTo(this.sample.udpPort());
			assertThat(metric("http3.server.goaways")).isEqualTo(4);
			assertThat(metric("http3.server.requests.active")).isEqualTo(2);
			JsonNode server = curl(200, "http3");
			assertThat(server.get("state").asText()).isEqualTo("SHUTTING_DOWN");
			assertThat(server.at("/connections/items/0/state").asText()).isEqualTo("COMPLETING");
			assertThat(server.at("/connections/items/0/goAwayIds")).hasSize(2);
			assertThat(server.at("/connections/items/1/openRequests/0/path").asText()).isEqualTo("/slow");
			String id = server.at("/connections/items/0/id").asText();
			assertThat(curl(200, "http3/" + id).get("openRequestCount").asInt()).isOne();
			curl(404, "http3/unknown");

			// All are shut down already, so this begins nothing, but the deadline
			// stays or comes forward
			assertThat(shutDown(202, "http3", "{\"gracePeriod\":\"1h\"}").get("connections").asInt()).isZero();
			assertThat(shutDown(202, "http3/" + id, "{\"gracePeriod\":\"0s\"}").get("connections").asInt()).isOne();
			assertThat(get(held.response()).status()).isEqualTo(503);
			assertThat(get(first.closed())).isEqualTo(NO_ERROR);
			await().atMost(TIMEOUT).until(() -> metric("http3.server.connections.closed?tag=outcome:deadline") == 1);
			assertThat(alsoHeld.response()).isNotDone();
			assertThat(shutDown(202, "http3", "{\"gracePeriod\":\"0s\"}").get("connections").asInt()).isZero();
			assertThat(get(alsoHeld.response()).status()).isEqualTo(503);
			assertThat(get(second.closed())).isEqualTo(NO_ERROR);
			assertThat(this.sample.awaitExit(Duration.ofSeconds(5))).isEqualTo(143);
			assertThat(this.sample.log()).contains("connections 0 completed, 2 at deadline");
		}
	}

	private double metric(String name) throws Exception {
		return curl(200, "metrics/" + name).at("/measurements/0/value").asDouble();
	}

	private JsonNode shutDown(int status, String path, String body) throws Exception {
		return curl(status, path, "-X", "POST", "-H", "Content-Type: application/json", "-d", body);
	}

	/**
	 * Send a request to Actuator.
	 * @return the content of the response
	 */
	private JsonNode curl(int status, String path, String... options) throws Exception {
		Path body = this.directory.resolve("body");
		Files.deleteIfExists(body);
		List<String> command = new ArrayList<>(List.of(CURL, "--silent", "--show-error", "--max-time", "10", "-o",
				body.toString(), "-w", "%{http_code}"));
		command.addAll(List.of(options));
		command.add("http://127.0.0.1:" + this.sample.managementPort() + "/actuator/" + path);
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		try {
			assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(output).as("status of %s", path).isEqualTo(String.valueOf(status));
		}
		finally {
			process.destroyForcibly();
		}
		return this.mapper.readTree(Files.exists(body) ? Files.readAllBytes(body) : new byte[0]);
	}

	private WireConnection connect() throws Exception {
		return get(this.client.connect(this.sample.udpAddress()));
	}

	private static String[] concat(String[] options, String option) {
		String[] result = Arrays.copyOf(options, options.length + 1);
		result[options.length] = option;
		return result;
	}

}
