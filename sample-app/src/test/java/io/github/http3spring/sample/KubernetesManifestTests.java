package io.github.http3spring.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.http3spring.autoconfigure.Http3ServerProperties;
import io.github.http3spring.development.DevelopmentCertificate;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.autoconfigure.web.ServerProperties;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

import static io.github.http3spring.sample.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The arithmetic between the manifest for Kubernetes and the properties in it, and an
 * application with these properties.
 */
class KubernetesManifestTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	/**
	 * What stopping the context of the management server may take: the default of
	 * Spring's {@code DefaultLifecycleProcessor}, which
	 * {@code spring.lifecycle.timeout-per-shutdown-phase} does not reach there.
	 */
	private static final Duration MANAGEMENT_PHASE = Duration.ofSeconds(10);

	/**
	 * For the last closing period, event loops and the end of the JVM.
	 */
	private static final Duration EXIT = Duration.ofSeconds(5);

	/**
	 * Until every node knows that a pod is terminated.
	 */
	private static final Duration PROPAGATION = Duration.ofSeconds(2);

	/**
	 * Default of {@code net.netfilter.nf_conntrack_udp_timeout}.
	 */
	private static final Duration CONNTRACK_TIMEOUT = Duration.ofSeconds(30);

	private static final String POD = "spec.template.spec.";

	private static final String CONTAINER = POD + "containers[0].";

	private static final String LOAD_BALANCER = "metadata.annotations.service.beta.kubernetes.io/aws-load-balancer-";

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private final Map<String, EnumerablePropertySource<?>> manifest = load(
			new FileSystemResource("../sample-app/src/k8s/http3-sample.yaml"))
		.collect(Collectors.toMap((document) -> String.valueOf(document.getProperty("kind")), Function.identity()));

	private final String configuration = text("ConfigMap", "data.application.yml");

	private final Binder binder = new Binder(ConfigurationPropertySources
		.from(Stream
			.<PropertySource<?>>concat(load(new ByteArrayResource(this.configuration.getBytes(StandardCharsets.UTF_8))),
					load(new ClassPathResource("application.yml")))
			.toList()));

	private final ServerProperties server = this.binder.bindOrCreate("server", ServerProperties.class);

	private final ManagementServerProperties management = this.binder.bindOrCreate("management.server",
			ManagementServerProperties.class);

	private final Http3ServerProperties http3 = this.binder.bindOrCreate("http3.server", Http3ServerProperties.class);

	private final Duration phase = this.binder.bindOrCreate("spring.lifecycle", LifecycleProperties.class)
		.getTimeoutPerShutdownPhase();

	private final HttpClient client = HttpClient.newHttpClient();

	@Test
	void shutdownEndsBeforeThePodIsKilled() {
		Duration delay = this.http3.shutdown().preShutdownDelay();
		Duration shutdown = delay.plus(this.phase).plus(MANAGEMENT_PHASE).plus(EXIT);
		assertThat(seconds("Deployment", POD + "terminationGracePeriodSeconds")).isGreaterThan(shutdown);
		assertThat(this.server.getShutdown()).isEqualTo(Shutdown.GRACEFUL);
		// A hook would use up the same time
		assertThat(this.manifest.get("Deployment").getPropertyNames())
			.noneMatch((name) -> name.startsWith(CONTAINER + "lifecycle"));
	}

	@Test
	void delayAndGracePeriodFitIntoTheirPhases() {
		Http3ServerProperties.Shutdown shutdown = this.http3.shutdown();
		assertThat(shutdown.preShutdownDelay()).isLessThan(this.phase);
		if (shutdown.gracePeriod() != null) {
			assertThat(shutdown.gracePeriod()).isLessThan(this.phase.minusSeconds(1));
		}
	}

	@Test
	void loadBalancerHasFoundOutBeforeTheShutdownStarts() {
		Duration interval = seconds("Service", LOAD_BALANCER + "healthcheck-interval");
		int failures = number("Service", LOAD_BALANCER + "healthcheck-unhealthy-threshold");
		assertThat(this.http3.shutdown().preShutdownDelay())
			.isGreaterThan(interval.multipliedBy(failures).plus(PROPAGATION));
	}

	@Test
	void serviceOffersTheSamePortOverTcpAndUdp() {
		assertThat(text("Service", "spec.ports[0].protocol")).isEqualTo("TCP");
		assertThat(text("Service", "spec.ports[1].protocol")).isEqualTo("UDP");
		int port = number("Service", "spec.ports[0].port");
		assertThat(number("Service", "spec.ports[1].port")).isEqualTo(port);
		assertThat(this.http3.altSvc().port()).isEqualTo(port);
		assertThat(text("Service", "spec.ports[2].port")).isNull();
	}

	@Test
	void portsOfTheServiceAreThoseOfTheServers() {
		assertThat(containerPort(text("Service", "spec.ports[0].targetPort"), "TCP")).isEqualTo(this.server.getPort());
		assertThat(this.http3.port()).isNull();
		assertThat(containerPort(text("Service", "spec.ports[1].targetPort"), "UDP")).isEqualTo(this.server.getPort());
	}

	@ParameterizedTest
	@ValueSource(strings = { "startupProbe", "readinessProbe", "livenessProbe" })
	void probesUsePlainHttpOnThePortOfTheManagementServer(String probe) {
		String port = text("Deployment", CONTAINER + probe + ".httpGet.port");
		assertThat(containerPort(port, "TCP")).isEqualTo(this.management.getPort()).isNotEqualTo(this.server.getPort());
		assertThat(this.management.getSsl().isEnabled()).isFalse();
		assertThat(text("Deployment", CONTAINER + probe + ".httpGet.scheme")).isNull();
		assertThat(seconds("Deployment", CONTAINER + probe + ".timeoutSeconds"))
			.isLessThanOrEqualTo(seconds("Deployment", CONTAINER + probe + ".periodSeconds"));
	}

	@Test
	void filesAreReadFromWhereTheyAreMounted() {
		assertThat(text("Deployment", CONTAINER + "env[0].name")).isEqualTo("SPRING_CONFIG_ADDITIONAL_LOCATION");
		assertThat(text("Deployment", CONTAINER + "env[0].value"))
			.isEqualTo("file:" + text("Deployment", CONTAINER + "volumeMounts[0].mountPath") + "/");
		String tls = "file:" + text("Deployment", CONTAINER + "volumeMounts[1].mountPath") + "/tls.";
		assertThat(this.binder.bind("spring.ssl.bundle.pem.web.keystore", Bindable.mapOf(String.class, String.class))
			.get()).containsEntry("certificate", tls + "crt").containsEntry("private-key", tls + "key");
	}

	@Test
	void podThatIsBusyIsTakenOutOfTheServiceBeforeItIsRestarted() {
		assertThat(untilFailure("readinessProbe")).isLessThan(untilFailure("livenessProbe"));
	}

	@Test
	void connectionsEndBeforeTheNodeForgetsThem() {
		assertThat(this.http3.quic().maxIdleTimeout()).isLessThan(CONNTRACK_TIMEOUT);
		assertThat(this.http3.quic().activeMigration()).isFalse();
		assertThat(text("Service", "spec.sessionAffinity")).isEqualTo("ClientIP");
	}

	@Test
	void heapAndDirectBuffersLeaveMemoryForTheRest() {
		String option = text("Deployment", CONTAINER + "env[1].value");
		assertThat(option).startsWith("-XX:MaxRAMPercentage=");
		assertThat(2 * Integer.parseInt(option.substring(option.indexOf('=') + 1))).isLessThan(70);
		assertThat(text("Deployment", CONTAINER + "resources.requests.memory"))
			.isEqualTo(text("Deployment", CONTAINER + "resources.limits.memory"));
	}

	@Test
	void podStaysInTheServiceForAsLongAsItServes(@TempDir Path directory) throws Exception {
		try (WireClient wireClient = WireClient.create();
				ConfigurableApplicationContext context = start(directory, "2s")) {
			assertThat(probe(context, "startupProbe")).isEqualTo(200);
			assertThat(probe(context, "livenessProbe")).isEqualTo(200);
			assertThat(probe(context, "readinessProbe")).isEqualTo(200);
			WireConnection connection = get(wireClient.connect(
					new InetSocketAddress(InetAddress.getLoopbackAddress(), port(context, "local.http3.server.port"))));
			WireStream slow = connection.get("/slow?millis=4000");
			get(connection.get("/hello").response());

			// A thread of its own: the common pool may have no more than one
			CompletableFuture<Void> closed = CompletableFuture.runAsync(context::close,
					(task) -> new Thread(task, "close").start());
			await().atMost(TIMEOUT).until(() -> status(context, "/actuator/health/readiness") == 503);
			assertThat(connection.goAwayIds()).isEmpty();
			assertThat(probe(context, "readinessProbe")).isEqualTo(200);

			get(connection.goAway(1));
			assertThat(status(context, "/actuator/health/http3")).isEqualTo(503);
			assertThat(probe(context, "readinessProbe")).isEqualTo(200);
			assertThat(get(slow.response()).bodyAsString()).isEqualTo("done");
			assertThat(get(connection.closed())).isEqualTo(NO_ERROR);
			get(closed);
		}
	}

	private ConfigurableApplicationContext start(Path directory, String delay) throws Exception {
		Files.writeString(directory.resolve("application.yml"), this.configuration);
		DevelopmentCertificate files = SampleCertificate.files();
		return new SpringApplicationBuilder(SampleApplication.class).run(
				"--spring.config.additional-location=file:" + directory + "/",
				"--spring.ssl.bundle.pem.web.keystore.certificate=file:" + files.certificate(),
				"--spring.ssl.bundle.pem.web.keystore.private-key=file:" + files.privateKey(), "--server.port=0",
				"--management.server.port=0", "--http3.server.shutdown.pre-shutdown-delay=" + delay);
	}

	private int probe(ConfigurableApplicationContext context, String probe) throws Exception {
		return status(context, Objects.requireNonNull(text("Deployment", CONTAINER + probe + ".httpGet.path")));
	}

	private int status(ConfigurableApplicationContext context, String path) throws Exception {
		URI uri = URI.create("http://localhost:" + port(context, "local.management.port") + path);
		HttpRequest request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).build();
		return this.client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
	}

	private Duration untilFailure(String probe) {
		return seconds("Deployment", CONTAINER + probe + ".periodSeconds")
			.multipliedBy(number("Deployment", CONTAINER + probe + ".failureThreshold"));
	}

	private int containerPort(String name, String protocol) {
		int index = 0;
		while (!name.equals(text("Deployment", CONTAINER + "ports[" + index + "].name"))) {
			index++;
		}
		assertThat(text("Deployment", CONTAINER + "ports[" + index + "].protocol")).isEqualTo(protocol);
		return number("Deployment", CONTAINER + "ports[" + index + "].containerPort");
	}

	private Duration seconds(String kind, String path) {
		return Duration.ofSeconds(number(kind, path));
	}

	private int number(String kind, String path) {
		return Integer.parseInt(text(kind, path));
	}

	private String text(String kind, String path) {
		Object value = this.manifest.get(kind).getProperty(path);
		return (value != null) ? value.toString() : null;
	}

	private static Stream<EnumerablePropertySource<?>> load(Resource resource) {
		try {
			return new YamlPropertySourceLoader().load(resource.getDescription(), resource)
				.stream()
				.map((document) -> (EnumerablePropertySource<?>) document);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static int port(ConfigurableApplicationContext context, String property) {
		return context.getEnvironment().getRequiredProperty(property, Integer.class);
	}

}
