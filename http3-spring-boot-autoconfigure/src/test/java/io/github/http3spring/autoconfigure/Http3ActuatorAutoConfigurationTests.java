package io.github.http3spring.autoconfigure;

import java.util.Map;
import java.util.Optional;

import io.github.http3spring.actuate.Http3Endpoint;
import io.github.http3spring.actuate.Http3EndpointWebExtension;
import io.github.http3spring.actuate.Http3HealthIndicator;
import io.github.http3spring.actuate.Http3InfoContributor;
import io.github.http3spring.actuate.Http3ProtocolObservationFilter;
import io.github.http3spring.actuate.Http3ServerMetrics;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ServerRuntime;
import io.github.http3spring.server.Http3ServerState;
import io.github.http3spring.server.MemoryUsage;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.actuate.autoconfigure.metrics.MetricsAutoConfiguration;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.web.context.WebServerApplicationContext;
import org.springframework.boot.web.reactive.context.AnnotationConfigReactiveWebApplicationContext;
import org.springframework.boot.web.server.WebServer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for the auto-configurations of what Actuator and Micrometer show.
 */
class Http3ActuatorAutoConfigurationTests {

	private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner(
			ServerContext::new)
		.withConfiguration(AutoConfigurations.of(Http3EndpointAutoConfiguration.class,
				Http3HealthContributorAutoConfiguration.class, Http3InfoContributorAutoConfiguration.class,
				Http3MetricsAutoConfiguration.class, Http3ObservationAutoConfiguration.class));

	private final ReactiveWebApplicationContextRunner withServer = this.runner
		.withUserConfiguration(ServerConfiguration.class)
		.withPropertyValues("management.endpoints.web.exposure.include=http3");

	@Test
	void nothingIsThereWithoutAServer() {
		this.runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.withPropertyValues("management.endpoints.web.exposure.include=http3", "management.info.http3.enabled=true")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(Http3Endpoint.class)
				.doesNotHaveBean(Http3HealthIndicator.class)
				.doesNotHaveBean(Http3InfoContributor.class)
				.doesNotHaveBean(Http3ServerMetrics.class)
				.doesNotHaveBean(Http3ProtocolObservationFilter.class));
	}

	@Test
	void nothingIsThereWithoutActuator() {
		this.withServer.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate.endpoint",
					"org.springframework.boot.actuate.health", "org.springframework.boot.actuate.info",
					MetricsAutoConfiguration.class.getPackageName()))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(Http3Server.class)
				.doesNotHaveBean("http3Endpoint")
				.doesNotHaveBean("http3HealthContributor")
				.doesNotHaveBean("http3InfoContributor")
				.doesNotHaveBean("http3ServerMetrics"));
	}

	@Test
	void onlyMetersAreMissingWithoutMicrometer() {
		this.withServer.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(Http3Endpoint.class)
				.hasSingleBean(Http3HealthIndicator.class)
				.doesNotHaveBean("http3ServerMetrics")
				.doesNotHaveBean("http3ProtocolObservationFilter"));
	}

	@Test
	void endpointIsNotThereUnlessExposed() {
		this.withServer.withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).hasSingleBean(Http3Server.class)
				.doesNotHaveBean(Http3Endpoint.class)
				.doesNotHaveBean(Http3EndpointWebExtension.class));
	}

	@Test
	void endpointIsNotThereWithoutAccess() {
		this.withServer.withPropertyValues("management.endpoint.http3.access=NONE")
			.run((context) -> assertThat(context).hasSingleBean(Http3Server.class)
				.doesNotHaveBean(Http3Endpoint.class));
	}

	@Test
	void endpointIsThereWhenExposed() {
		this.withServer.run((context) -> assertThat(context).hasSingleBean(Http3Endpoint.class)
			.hasSingleBean(Http3EndpointWebExtension.class));
	}

	@Test
	void endpointOfTheApplicationWins() {
		this.withServer
			.withBean("ownEndpoint", Http3Endpoint.class,
					() -> new Http3Endpoint(() -> mock(Http3Server.class), Show.NEVER))
			.run((context) -> assertThat(context).hasSingleBean(Http3Endpoint.class).hasBean("ownEndpoint"));
	}

	@Test
	void healthIsNotThereWhenDisabled() {
		this.withServer.withPropertyValues("management.health.http3.enabled=false")
			.run((context) -> assertThat(context).hasSingleBean(Http3Server.class)
				.doesNotHaveBean(Http3HealthIndicator.class));
	}

	@Test
	void healthIsNotThereWhereNoServerIsStarted() {
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(Http3HealthContributorAutoConfiguration.class))
			.withUserConfiguration(ServerConfiguration.class)
			.run((context) -> assertThat(context).hasSingleBean(Http3Server.class)
				.doesNotHaveBean(Http3HealthIndicator.class));
	}

	@ParameterizedTest
	@CsvSource({ "RUNNING,UP", "SHUTTING_DOWN,OUT_OF_SERVICE", "STOPPED,DOWN" })
	void healthFollowsTheServer(Http3ServerState state, String status) {
		this.withServer.run((context) -> {
			given(context.getBean(Http3Server.class).getState()).willReturn(state);
			assertThat(context.getBean(Http3HealthIndicator.class).health().getStatus()).isEqualTo(new Status(status));
			assertThat(context.getBean(Http3HealthIndicator.class).health().getDetails()).containsEntry("port", 8443)
				.containsEntry("quicheVersion", "1.2.3")
				.containsEntry("quicAvailable", true)
				.containsEntry("transport", "epoll")
				.containsEntry("gso", true)
				.containsEntry("memory",
						Map.of("undeliveredData", 1L, "maxUndeliveredData", 2L, "unsentData", 3L, "maxUnsentData", 4L,
								"openRequests", 5L, "maxOpenRequests", 6L))
				.containsEntry("receiveBufferSize", 2048)
				.containsEntry("sendBufferSize", 1024)
				.containsEntry("workers", 1);
		});
	}

	@Test
	void infoIsNotThereUnlessEnabled() {
		this.withServer.run((context) -> assertThat(context).hasSingleBean(Http3Server.class)
			.doesNotHaveBean(Http3InfoContributor.class));
	}

	@Test
	void infoTellsWhatTheServerRunsOn() {
		this.withServer.withPropertyValues("management.info.http3.enabled=true").run((context) -> {
			Info.Builder builder = new Info.Builder();
			context.getBean(Http3InfoContributor.class).contribute(builder);
			assertThat(builder.build().getDetails().get("http3"))
				.hasToString("{port=8443, workers=1, quicAvailable=true, quicheVersion=1.2.3, transport=epoll, "
						+ "gso=true, receiveBufferSize=2048, sendBufferSize=1024}");
		});
	}

	@Test
	void metersAreNotThereWithoutARegistry() {
		this.withServer.run((context) -> assertThat(context).hasSingleBean(Http3Server.class)
			.doesNotHaveBean(Http3ServerMetrics.class));
	}

	@Test
	void metersAreThereWithARegistry() {
		this.withServer.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> assertThat(context).hasSingleBean(Http3ServerMetrics.class));
	}

	@Test
	void observationFilterOfTheApplicationWins() {
		this.withServer.withBean("ownFilter", Http3ProtocolObservationFilter.class, Http3ProtocolObservationFilter::new)
			.run((context) -> assertThat(context).hasSingleBean(Http3ProtocolObservationFilter.class)
				.hasBean("ownFilter"));
	}

	@Configuration(proxyBeanMethods = false)
	static class ServerConfiguration {

		@Bean
		Http3Server server() {
			Http3Server server = mock(Http3Server.class);
			given(server.getPort()).willReturn(8443);
			given(server.getState()).willReturn(Http3ServerState.RUNNING);
			given(server.getShutdownVerdict()).willReturn(Optional.empty());
			given(server.getMemoryUsage()).willReturn(new MemoryUsage(1, 2, 3, 4, 5, 6));
			given(server.getRuntime()).willReturn(new Http3ServerRuntime(true, "1.2.3", "epoll", 1, true, 2048, 1024));
			return server;
		}

	}

	/**
	 * Context that says that it starts servers.
	 */
	static class ServerContext extends AnnotationConfigReactiveWebApplicationContext
			implements WebServerApplicationContext {

		@Override
		public WebServer getWebServer() {
			throw new UnsupportedOperationException();
		}

		@Override
		public String getServerNamespace() {
			return "";
		}

	}

}
