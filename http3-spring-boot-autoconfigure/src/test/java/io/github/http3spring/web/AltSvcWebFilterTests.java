package io.github.http3spring.web;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.TestContextRunner;
import io.github.http3spring.TestHttpClient;
import io.github.http3spring.TestKeyStore;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ServerState;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.web.reactive.context.AnnotationConfigReactiveWebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.test.web.reactive.server.HeaderAssertions;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebFilter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AltSvcWebFilter} in a running application.
 */
class AltSvcWebFilterTests {

	private static final String ALT_SVC = "Alt-Svc";

	@TempDir
	static Path directory;

	private static Path keyStore;

	private final ReactiveWebApplicationContextRunner runner = TestContextRunner.withTls(keyStore);

	private final TestHttpClient client = new TestHttpClient();

	@BeforeAll
	static void createKeyStore() throws Exception {
		keyStore = TestKeyStore.create(directory.resolve("server.p12"), "localhost");
	}

	@AfterEach
	void closeClient() {
		this.client.close();
	}

	@Test
	void nothingIsAdvertisedWhenDisabled() {
		this.runner.withPropertyValues("http3.server.alt-svc.enabled=false").run((context) -> {
			assertThat(context).doesNotHaveBean(AltSvcWebFilter.class).hasSingleBean(Http3Server.class);
			assertThat(altSvcOverTcp(context)).isNull();
		});
	}

	@Test
	void nothingIsAdvertisedOverHttp3() {
		this.runner
			.run((context) -> assertThat(altSvc(this.client.http3(port(context, "local.http3.server.port")), "/peer"))
				.isNull());
	}

	@ParameterizedTest
	@ValueSource(strings = { "/passed-on", "/passed-on-late", "/missing-passed-on" })
	void advertisementOfABackendIsReplacedOverTcpAndRemovedOverHttp3(String path) {
		this.runner.withUserConfiguration(Gateway.class).run((context) -> {
			HttpHeaders http3 = headers(context, "local.http3.server.port", path);
			assertThat(http3.get("x-backend")).isEqualTo("1");
			assertThat(http3.getAll(ALT_SVC)).isEmpty();
			HttpHeaders tcp = headers(context, "local.server.port", path);
			assertThat(tcp.get("x-backend")).isEqualTo("1");
			assertThat(tcp.getAll(ALT_SVC)).singleElement()
				.isEqualTo("h3=\":" + port(context, "local.http3.server.port") + "\"; ma=86400");
		});
	}

	@Test
	void advertisementOfABackendIsRemovedWhenNothingIsAdvertised() {
		this.runner.withUserConfiguration(Gateway.class).run((context) -> {
			context.getBean(Http3Server.class).stop();
			HttpHeaders tcp = headers(context, "local.server.port", "/passed-on");
			assertThat(tcp.get("x-backend")).isEqualTo("1");
			assertThat(tcp.getAll(ALT_SVC)).isEmpty();
		});
	}

	@Test
	void advertisementOfTheApplicationIsLeftAloneWhenDisabled() {
		this.runner.withUserConfiguration(Gateway.class)
			.withPropertyValues("http3.server.alt-svc.enabled=false")
			.run((context) -> {
				for (String server : new String[] { "local.http3.server.port", "local.server.port" }) {
					assertThat(headers(context, server, "/passed-on").getAll(ALT_SVC)).singleElement()
						.isEqualTo(Gateway.ADVERTISEMENT);
				}
			});
	}

	@Test
	void nothingIsAdvertisedOnceShutdownHasStarted() {
		this.runner.withPropertyValues("http3.server.alt-svc.on-shutdown=withhold").run((context) -> {
			assertThat(altSvcOverTcp(context)).isNotNull();
			Http3Server server = context.getBean(Http3Server.class);
			CountDownLatch finished = new CountDownLatch(1);
			server.shutDownGracefully((result) -> finished.countDown());
			assertThat(server.getState()).isEqualTo(Http3ServerState.SHUTTING_DOWN);
			assertThat(altSvcOverTcp(context)).isNull();
			assertThat(finished.await(TestHttpClient.TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
			assertThat(altSvcOverTcp(context)).isNull();
		});
	}

	@Test
	void alternativesAreClearedOnceShutdownHasStarted() {
		this.runner.run((context) -> {
			assertThat(altSvcOverTcp(context)).startsWith("h3=");
			context.getBean(Http3Server.class).shutDownGracefully((result) -> {
			});
			assertThat(altSvcOverTcp(context)).isEqualTo("clear");
			context.getBean(Http3Server.class).stop();
			assertThat(altSvcOverTcp(context)).isNull();
		});
	}

	@Test
	void advertisementIsKeptWhenShutdownHasStarted() {
		this.runner.withPropertyValues("http3.server.alt-svc.on-shutdown=keep").run((context) -> {
			String before = altSvcOverTcp(context);
			assertThat(before).startsWith("h3=");
			context.getBean(Http3Server.class).shutDownGracefully((result) -> {
			});
			assertThat(altSvcOverTcp(context)).isEqualTo(before);
		});
	}

	@ParameterizedTest
	@CsvSource({ "withhold,", "clear, clear" })
	void advertisementFollowsReadiness(String onShutdown, String withdrawn) {
		this.runner.withPropertyValues("http3.server.alt-svc.on-shutdown=" + onShutdown).run((context) -> {
			AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
			assertThat(altSvcOverTcp(context)).startsWith("h3=");
			AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
			assertThat(altSvcOverTcp(context)).isEqualTo(withdrawn);
			AvailabilityChangeEvent.publish(context, LivenessState.CORRECT);
			assertThat(altSvcOverTcp(context)).isEqualTo(withdrawn);
			AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
			assertThat(altSvcOverTcp(context)).startsWith("h3=");
		});
	}

	@Test
	void alternativesAreClearedOnAResponseThatWasOnItsWayWhenReadinessWasWithdrawn() {
		this.runner.withUserConfiguration(WithdrawingReadiness.class).run((context) -> {
			AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
			assertThat(altSvcOverTcp(context)).isEqualTo("clear");
		});
	}

	@ParameterizedTest
	@CsvSource({ "withhold,", "clear, clear", "keep," })
	void responsesOverHttp3SayOfItWhatTheyAreToldOnceReadinessIsWithdrawn(String onShutdown, String withdrawn) {
		this.runner.withPropertyValues("http3.server.alt-svc.on-shutdown=" + onShutdown).run((context) -> {
			HttpClient http3 = this.client.http3(port(context, "local.http3.server.port"));
			AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
			assertThat(TestHttpClient.headers(http3, "/peer").get(ALT_SVC)).isNull();
			AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
			HttpHeaders headers = TestHttpClient.headers(http3, "/peer");
			assertThat(headers.get("Content-Type")).startsWith("text/plain");
			assertThat(headers.get(ALT_SVC)).isEqualTo(withdrawn);
		});
	}

	@Test
	void advertisementIsKeptWhenReadinessIsWithdrawn() {
		this.runner.withPropertyValues("http3.server.alt-svc.on-shutdown=keep").run((context) -> {
			String before = altSvcOverTcp(context);
			AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
			AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
			assertThat(altSvcOverTcp(context)).startsWith("h3=").isEqualTo(before);
		});
	}

	@Test
	void readinessOfAChildContextDoesNotMatter() {
		this.runner.run((context) -> {
			AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
			try (GenericApplicationContext child = new GenericApplicationContext(
					context.getSourceApplicationContext())) {
				child.refresh();
				AvailabilityChangeEvent.publish(child, ReadinessState.REFUSING_TRAFFIC);
			}
			assertThat(altSvcOverTcp(context)).startsWith("h3=");
		});
	}

	@Test
	void readinessThatIsWithdrawnByABeanMatters() {
		this.runner.run((context) -> {
			AvailabilityChangeEvent.publish(context, this, ReadinessState.ACCEPTING_TRAFFIC);
			AvailabilityChangeEvent.publish(context, this, ReadinessState.REFUSING_TRAFFIC);
			assertThat(altSvcOverTcp(context)).isEqualTo("clear");
		});
	}

	@Test
	void nothingIsAdvertisedOnceTheServerHasStopped() {
		this.runner.run((context) -> {
			assertThat(altSvcOverTcp(context)).isNotNull();
			context.getBean(Http3Server.class).stop();
			assertThat(altSvcOverTcp(context)).isNull();
		});
	}

	@Test
	void nothingIsAdvertisedInAMockWebEnvironment() {
		new ReactiveWebApplicationContextRunner().withConfiguration(TestContextRunner.autoConfigurations())
			.withPropertyValues(TestContextRunner.tls(keyStore))
			.withUserConfiguration(TestContextRunner.Routes.class)
			.run((context) -> assertServedWithoutANetwork(context).doesNotExist(ALT_SVC));
	}

	@Test
	void requestWithoutANetworkIsAnsweredByAnApplicationThatListens() {
		this.runner.run((context) -> assertServedWithoutANetwork(context.getSourceApplicationContext())
			.valueMatches(ALT_SVC, "h3=\":\\d+\"; ma=86400"));
	}

	private static HeaderAssertions assertServedWithoutANetwork(ApplicationContext context) {
		WebTestClient.ResponseSpec response = WebTestClient.bindToApplicationContext(context)
			.build()
			.get()
			.uri("/peer")
			.exchange();
		response.expectStatus().isOk();
		response.expectBody(String.class).isEqualTo("unknown");
		return response.expectHeader();
	}

	@Test
	void nothingIsAdvertisedOnThePortOfTheManagementServer() {
		// Another origin, which the HTTP/3 server does not serve
		try (ConfigurableApplicationContext context = TestContextRunner.application(Application.class, keyStore)
			.properties("management.server.port=0", "management.server.address=127.0.0.1",
					"management.server.ssl.key-store=" + keyStore,
					"management.server.ssl.key-store-password=" + TestKeyStore.PASSWORD)
			.run()) {
			HttpClient management = this.client.tcp(port(context, "local.management.port"));
			assertThat(TestHttpClient.get(management, "/actuator/health")).contains("UP");
			assertThat(altSvc(management, "/actuator/health")).isNull();
			HttpClient main = this.client.tcp(port(context, "local.server.port"));
			assertThat(TestHttpClient.headers(main, "/actuator/health").get(ALT_SVC)).startsWith("h3=");
		}
	}

	@Test
	void portOfTheServerIsAdvertisedForADayByDefault() {
		this.runner.withPropertyValues("http3.server.port=0").run((context) -> {
			int port = port(context, "local.http3.server.port");
			assertThat(altSvcOverTcp(context)).isEqualTo("h3=\":" + port + "\"; ma=86400");
		});
	}

	@Test
	void errorsAdvertiseToo() {
		this.runner.run((context) -> assertThat(
				TestHttpClient.headers(this.client.tcp(port(context, "local.server.port")), "/missing").get(ALT_SVC))
			.startsWith("h3="));
	}

	@ParameterizedTest
	@CsvSource({ "max-age=10m, h3=\":443\"; ma=600", "max-age=90, h3=\":443\"; ma=90",
			"persist=true, h3=\":443\"; ma=86400; persist=1", "persist=false, h3=\":443\"; ma=86400" })
	void portAndAgeThatTheApplicationChoosesAreAdvertised(String property, String expected) {
		this.runner.withPropertyValues("http3.server.alt-svc.port=443", "http3.server.alt-svc." + property)
			.run((context) -> assertThat(altSvcOverTcp(context)).isEqualTo(expected));
	}

	@Test
	void portIsAdvertisedAnewAfterARestart() {
		this.runner.run((context) -> {
			assertThat(altSvcOverTcp(context)).startsWith("h3=");
			AnnotationConfigReactiveWebServerApplicationContext source = context
				.getSourceApplicationContext(AnnotationConfigReactiveWebServerApplicationContext.class);
			source.stop();
			source.start();
			Http3Server server = context.getBean(Http3Server.class);
			assertThat(server.getState()).isEqualTo(Http3ServerState.RUNNING);
			assertThat(port(context, "local.http3.server.port")).isEqualTo(server.getPort());
			assertThat(altSvcOverTcp(context)).startsWith("h3=\":" + server.getPort() + "\"");
		});
	}

	private HttpHeaders headers(ApplicationContext context, String server, String path) {
		int port = port(context, server);
		HttpClient client = server.contains("http3") ? this.client.http3(port) : this.client.tcp(port);
		return TestHttpClient.headers(client, path);
	}

	private String altSvcOverTcp(ApplicationContext context) {
		return altSvc(this.client.tcp(port(context, "local.server.port")), "/peer");
	}

	/**
	 * Return what a response that is fine advertises.
	 */
	private static @Nullable String altSvc(HttpClient client, String path) {
		return client.get().uri(path).responseSingle((response, body) -> {
			assertThat(response.status()).isEqualTo(HttpResponseStatus.OK);
			return body.asString().map((text) -> {
				assertThat(text).isNotEmpty();
				return Optional.ofNullable(response.responseHeaders().get(ALT_SVC));
			});
		}).blockOptional(TestHttpClient.TIMEOUT).orElseThrow().orElse(null);
	}

	private static int port(ApplicationContext context, String property) {
		return context.getEnvironment().getRequiredProperty(property, Integer.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	/**
	 * Withdraws readiness in the middle of a request.
	 */
	@Configuration(proxyBeanMethods = false)
	static class WithdrawingReadiness {

		@Bean
		WebFilter withdrawingFilter(ApplicationContext context) {
			return (exchange, chain) -> {
				AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
				return chain.filter(exchange);
			};
		}

	}

	/**
	 * Passes on what a backend advertises: with the other fields of its response, when
	 * that has come, and on one that says no.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Gateway {

		static final String ADVERTISEMENT = "h3=\":9443\"; ma=60";

		@Bean
		RouterFunction<ServerResponse> gatewayRoutes() {
			return RouterFunctions.route()
				.GET("/passed-on",
						(request) -> ServerResponse.ok()
							.header("x-backend", "1")
							.header(ALT_SVC, ADVERTISEMENT)
							.bodyValue("ok"))
				.GET("/missing-passed-on",
						(request) -> ServerResponse.notFound()
							.header("x-backend", "1")
							.header(ALT_SVC, ADVERTISEMENT)
							.build())
				.GET("/passed-on-late", (request) -> ServerResponse.ok().build((exchange, context) -> {
					ServerHttpResponse response = exchange.getResponse();
					return Mono.delay(Duration.ofMillis(10)).then(Mono.defer(() -> {
						response.getHeaders().add("x-backend", "1");
						response.getHeaders().add(ALT_SVC, ADVERTISEMENT);
						response.getHeaders().add(ALT_SVC, ADVERTISEMENT);
						return response.setComplete();
					}));
				}))
				.build();
		}

	}

}
