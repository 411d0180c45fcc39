package io.github.http3spring.autoconfigure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.http3spring.TestContextRunner;
import io.github.http3spring.TestHttpClient;
import io.github.http3spring.TestKeyStore;
import io.github.http3spring.context.Http3ServerInitializedEvent;
import io.github.http3spring.context.Http3ServerLifecycle;
import io.github.http3spring.netty.NettyHttp3ServerFactory;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ServerCustomizer;
import io.github.http3spring.server.Http3ServerFactory;
import io.github.http3spring.server.Http3ServerState;
import io.github.http3spring.server.Http3ShutdownSignal;
import io.github.http3spring.server.MissingTlsException;
import io.github.http3spring.server.QuicServerCodecCustomizer;
import io.netty.incubator.codec.http3.Http3;
import io.netty.incubator.codec.quic.QuicChannel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.context.WebServerApplicationContext;
import org.springframework.boot.web.embedded.netty.NettyServerCustomizer;
import org.springframework.boot.web.reactive.context.AnnotationConfigReactiveWebApplicationContext;
import org.springframework.boot.web.reactive.context.AnnotationConfigReactiveWebServerApplicationContext;
import org.springframework.boot.web.reactive.context.ReactiveWebServerInitializedEvent;
import org.springframework.boot.web.server.GracefulShutdownCallback;
import org.springframework.boot.web.server.GracefulShutdownResult;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.WebServer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.Lifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.web.server.WebFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link Http3ServerAutoConfiguration}.
 */
@Isolated("captures the output")
@ExtendWith(OutputCaptureExtension.class)
class Http3ServerAutoConfigurationTests {

	@TempDir
	static Path directory;

	private static Path keyStore;

	private final ReactiveWebApplicationContextRunner withTls = TestContextRunner.withTls(keyStore);

	private final ReactiveWebApplicationContextRunner withoutTls = TestContextRunner.withoutTls();

	@BeforeAll
	static void createKeyStore() throws Exception {
		keyStore = TestKeyStore.create(directory.resolve("server.p12"), "localhost");
	}

	@Test
	void nothingIsRegisteredInAnApplicationThatIsNotReactive(CapturedOutput output) {
		new ApplicationContextRunner().withConfiguration(TestContextRunner.autoConfigurations())
			.withPropertyValues(TestContextRunner.tls(keyStore))
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(Http3ShutdownSignal.class);
				assertNothingIsRegistered(context);
				assertNotServed(output, "INFO", "this is not a reactive web application: build it with WebFlux");
			});
	}

	@ParameterizedTest
	@ValueSource(classes = { Http3.class, QuicChannel.class, HttpServer.class })
	void nothingIsRegisteredWithoutTheCodec(Class<?> missing, CapturedOutput output) {
		// The TCP server of Reactor Netty cannot be had without its class
		new ReactiveWebApplicationContextRunner(ServerlessContext::new)
			.withConfiguration(TestContextRunner.autoConfigurations())
			.withPropertyValues(TestContextRunner.tls(keyStore))
			.withClassLoader(new FilteredClassLoader(missing))
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(Http3ShutdownSignal.class);
				assertNothingIsRegistered(context);
				assertNotServed(output, "WARN", " is not on the class path: add the dependency '");
			});
	}

	@Test
	void applicationServesTcpAloneWithoutTheCodec(CapturedOutput output) {
		this.withTls
			.withClassLoader(new FilteredClassLoader(Http3.class.getPackageName(), QuicChannel.class.getPackageName()))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertServesTcp(context, "https");
				assertNothingIsRegistered(context);
				assertNotServed(output, "WARN", "Netty's HTTP/3 codec is not on the class path: add the dependency "
						+ "'io.netty.incubator:netty-incubator-codec-http3'");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "false", "off" })
	void nothingIsRegisteredWhenDisabled(String value) {
		this.withTls.withPropertyValues("http3.server.enabled=" + value).run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(Http3ShutdownSignal.class);
			assertServesTcp(context, "https");
			assertNothingIsRegistered(context);
		});
	}

	@Test
	void nothingIsLoggedWhenDisabledWithoutTls(CapturedOutput output) {
		this.withoutTls.withPropertyValues("http3.server.enabled=false").run((context) -> {
			assertThat(context).hasNotFailed();
			assertServesTcp(context, "http");
			assertThat(output.getOut()).doesNotContain("HTTP/3");
		});
	}

	@Test
	void applicationStartsWithOneWarningWithoutTls(CapturedOutput output) {
		this.withoutTls.run((context) -> {
			assertThat(context).hasNotFailed();
			assertServesTcp(context, "http");
			assertNothingIsRegistered(context);
			assertNotServed(output, "WARN", "TLS is not configured: set 'server.ssl.bundle', or "
					+ "'http3.server.ssl.bundle' for HTTP/3 alone");
			assertThat(output.getOut().lines().filter((line) -> line.contains("WARN"))).hasSize(1);
		});
	}

	@Test
	void tlsThatIsSwitchedOffIsNoTls(CapturedOutput output) {
		this.withTls.withPropertyValues("server.ssl.enabled=false").run((context) -> {
			assertThat(context).hasNotFailed();
			assertServesTcp(context, "http");
			assertNothingIsRegistered(context);
			assertNotServed(output, "WARN", "TLS is not configured");
		});
	}

	@Test
	void missingTlsFailsTheStartWhenEnabledExplicitly() {
		this.withoutTls.withPropertyValues("http3.server.enabled=true")
			.run((context) -> assertThat(context).getFailure().rootCause().isInstanceOf(MissingTlsException.class));
	}

	@Test
	void failureForMissingTlsSaysWhatToDo() {
		FailureAnalysis analysis = new MissingTlsFailureAnalyzer().analyze(new MissingTlsException());
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription()).contains("'http3.server.enabled'");
		assertThat(analysis.getAction()).contains("'server.ssl.bundle'", "'http3.server.ssl.bundle'");
	}

	@Test
	void missingTlsIsReportedByTheApplication(CapturedOutput output) {
		List<Throwable> failures = new ArrayList<>();
		SpringApplicationBuilder application = TestContextRunner.application(Application.class, keyStore)
			.properties("server.ssl.enabled=false", "http3.server.enabled=true")
			.listeners((event) -> {
				if (event instanceof ApplicationFailedEvent failed) {
					failures.add(failed.getException());
				}
			});
		assertThatExceptionOfType(Exception.class).isThrownBy(application::run)
			.withRootCauseInstanceOf(MissingTlsException.class);
		assertThat(failures).hasSize(1);
		assertThat(output.getOut()).contains("APPLICATION FAILED TO START", "Action:", "'http3.server.ssl.bundle'");
	}

	@Test
	void serverRunsBesideTheTcpServer(CapturedOutput output) {
		this.withTls.run((context) -> {
			assertThat(context).hasNotFailed()
				.hasSingleBean(Http3Server.class)
				.hasSingleBean(Http3ServerFactory.class)
				.hasSingleBean(Http3ServerLifecycle.class);
			assertThat(context.getBean(Http3ServerFactory.class)).isInstanceOf(NettyHttp3ServerFactory.class);
			Http3Server server = context.getBean(Http3Server.class);
			assertThat(server.getState()).isEqualTo(Http3ServerState.RUNNING);
			assertThat(output.getOut()).contains("HTTP/3 started on UDP port " + server.getPort())
				.doesNotContain("WARN");
		});
	}

	@Test
	void serverIsStoppedWithTheContext() {
		List<Http3Server> servers = new ArrayList<>();
		this.withTls.run((context) -> servers.add(context.getBean(Http3Server.class)));
		assertThat(servers).singleElement()
			.satisfies((server) -> assertThat(server.getState()).isEqualTo(Http3ServerState.STOPPED))
			.satisfies((server) -> assertThat(server.getPort()).isEqualTo(-1));
	}

	@Test
	void shutdownSignalIsSilentAfterARestart() {
		this.withTls.run((context) -> {
			AnnotationConfigReactiveWebServerApplicationContext source = context
				.getSourceApplicationContext(AnnotationConfigReactiveWebServerApplicationContext.class);
			Http3ShutdownSignal signal = context.getBean(Http3ShutdownSignal.class);
			CompletableFuture<Void> first = signal.started().toFuture();
			assertThat(first).isNotDone();
			source.stop();
			assertThat(first).isCompleted();
			source.start();
			assertThat(context.getBean(Http3Server.class).getState()).isEqualTo(Http3ServerState.RUNNING);
			// Otherwise every response with events would end before it began
			assertThat(signal.started().toFuture()).isNotDone();
		});
	}

	@Test
	void serverIsNotStartedInAMockWebEnvironment(CapturedOutput output) {
		// Its context has no web server, as with @SpringBootTest by default
		new ReactiveWebApplicationContextRunner().withConfiguration(TestContextRunner.autoConfigurations())
			.withPropertyValues(TestContextRunner.tls(keyStore))
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(Http3Server.class);
				assertNotServed(output, "INFO", "this application context starts no servers");
				assertThat(context.getBean(Http3Server.class).getState()).isEqualTo(Http3ServerState.STOPPED);
				assertThat(context.getEnvironment().getProperty("local.http3.server.port")).isNull();
			});
	}

	@Test
	void mockWebEnvironmentNeedsNoKeyAndCanBeStoppedAndStarted() {
		new ReactiveWebApplicationContextRunner().withConfiguration(TestContextRunner.autoConfigurations())
			.withPropertyValues("server.ssl.key-store=" + directory.resolve("missing.p12"), "http3.server.enabled=true")
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(Http3ShutdownSignal.class);
				AnnotationConfigReactiveWebApplicationContext source = context
					.getSourceApplicationContext(AnnotationConfigReactiveWebApplicationContext.class);
				source.stop();
				source.start();
				assertThat(source.isRunning()).isTrue();
			});
	}

	@Test
	void serverIsStartedWhenBeansAreLazy() {
		this.withTls
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				assertThat(context.getBean(Http3Server.class).getState()).isEqualTo(Http3ServerState.RUNNING);
				assertThat(context.getEnvironment().getProperty("local.http3.server.port", Integer.class)).isPositive();
			});
	}

	@Test
	void missingTlsFailsTheStartWhenBeansAreLazy() {
		this.withoutTls.withPropertyValues("http3.server.enabled=true")
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(context).getFailure().rootCause().isInstanceOf(MissingTlsException.class));
	}

	@ParameterizedTest
	@ValueSource(classes = { Http3EndpointAutoConfiguration.class, Http3HealthContributorAutoConfiguration.class,
			Http3InfoContributorAutoConfiguration.class, Http3MetricsAutoConfiguration.class,
			Http3ObservationAutoConfiguration.class, Http3ServerAutoConfiguration.class,
			Http3ShutdownSignalAutoConfiguration.class })
	void noAutoConfigurationAsksToBeBeforeAnother(Class<?> type) {
		// With what libraries ask for it could come to a cycle; after another it cannot
		AutoConfiguration order = type.getAnnotation(AutoConfiguration.class);
		assertThat(order).isNotNull();
		assertThat(order.before()).isEmpty();
		assertThat(order.beforeName()).isEmpty();
	}

	@Test
	void startIsPublishedOnceAfterThatOfTheTcpServer() {
		this.withTls.withUserConfiguration(Events.class)
			.run((context) -> assertThat(context.getBean(Events.class).events)
				.containsExactly(ReactiveWebServerInitializedEvent.class, Http3ServerInitializedEvent.class));
	}

	@Test
	void serverOfTheApplicationTakesPrecedence() {
		Http3Server own = ownServer();
		given(own.getPort()).willReturn(4711);
		this.withTls.withBean(Http3Server.class, () -> own).run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(Http3ServerFactory.class);
			assertThat(context.getBean(Http3Server.class)).isSameAs(own);
			assertThat(context.getEnvironment().getProperty("local.http3.server.port", Integer.class)).isEqualTo(4711);
			then(own).should().start();
		});
		then(own).should().shutDownGracefully(any());
		then(own).should().stop();
	}

	@Test
	void serverOfTheApplicationNeedsNoTlsOfOurs(CapturedOutput output) {
		Http3Server own = ownServer();
		this.withoutTls.withPropertyValues("http3.server.enabled=true")
			.withBean(Http3Server.class, () -> own)
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(Http3Server.class);
				then(own).should().start();
				assertThat(output.getOut()).doesNotContain("WARN");
			});
	}

	@Test
	void factoryOfTheApplicationTakesPrecedence() {
		Http3Server own = ownServer();
		Http3ServerFactory factory = (httpHandler) -> own;
		this.withTls.withBean(Http3ServerFactory.class, () -> factory).run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(Http3ServerFactory.class);
			assertThat(context.getBean(Http3Server.class)).isSameAs(own);
			then(own).should().start();
		});
	}

	@Test
	void serverThatFailsToStartFailsTheStartOfTheApplication() {
		Http3Server own = ownServer();
		willThrow(new PortInUseException(4711)).given(own).start();
		this.withTls.withBean(Http3Server.class, () -> own)
			.run((context) -> assertThat(context).getFailure().rootCause().isInstanceOf(PortInUseException.class));
	}

	@Test
	void customizersApplyInTheirOrder() {
		this.withTls.withUserConfiguration(Customizers.class)
			.withPropertyValues("http3.server.workers=1")
			.run((context) -> assertThat(context.getBean(Customizers.class).calls).containsExactly(
					// The TCP server
					"netty 1", "netty 2",
					// The HTTP/3 server
					"netty 1", "netty 2", "server 1", "server 2", "codec 1", "codec 2"));
	}

	private static Http3Server ownServer() {
		Http3Server server = mock(Http3Server.class);
		willAnswer((invocation) -> {
			invocation.<GracefulShutdownCallback>getArgument(0).shutdownComplete(GracefulShutdownResult.IDLE);
			return null;
		}).given(server).shutDownGracefully(any());
		return server;
	}

	private static void assertServesTcp(ApplicationContext context, String scheme) {
		int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
		try (TestHttpClient client = new TestHttpClient()) {
			HttpClient tcp = scheme.equals("https") ? client.tcp(port) : client.clearText(port);
			assertThat(TestHttpClient.get(tcp, "/peer")).contains("127.0.0.1");
		}
	}

	private static void assertNotServed(CapturedOutput output, String level, String reason) {
		assertThat(output.getOut().lines().filter((line) -> line.contains("HTTP/3 "))).singleElement()
			.asString()
			.contains(level, "HTTP/3 is not served because ", reason);
	}

	private void assertNothingIsRegistered(ApplicationContext context) {
		assertThat(context.getBeansOfType(Http3Server.class)).isEmpty();
		assertThat(context.getBeansOfType(Http3ServerFactory.class)).isEmpty();
		assertThat(context.getBeansOfType(Lifecycle.class).values()).noneMatch(this::isOurs);
		assertThat(context.getBeansOfType(WebFilter.class).values()).noneMatch(this::isOurs);
		assertThat(context.getEnvironment().getProperty("local.http3.server.port")).isNull();
	}

	private boolean isOurs(Object bean) {
		return bean.getClass().getPackageName().startsWith("io.github.http3spring");
	}

	/**
	 * Context that says that it starts servers, and has none.
	 */
	static class ServerlessContext extends AnnotationConfigReactiveWebApplicationContext
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

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Events {

		private final List<Class<?>> events = new ArrayList<>();

		@EventListener({ ReactiveWebServerInitializedEvent.class, Http3ServerInitializedEvent.class })
		void started(Object event) {
			this.events.add(event.getClass());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Customizers {

		private final List<String> calls = new ArrayList<>();

		@Bean
		@Order(2)
		NettyServerCustomizer secondOfNetty() {
			return (server) -> note("netty 2", server);
		}

		@Bean
		@Order(1)
		NettyServerCustomizer firstOfNetty() {
			return (server) -> note("netty 1", server);
		}

		@Bean
		@Order(2)
		Http3ServerCustomizer secondOfServer() {
			return (server) -> note("server 2", server);
		}

		@Bean
		@Order(1)
		Http3ServerCustomizer firstOfServer() {
			return (server) -> note("server 1", server);
		}

		@Bean
		@Order(2)
		QuicServerCodecCustomizer secondOfCodec() {
			return (builder) -> this.calls.add("codec 2");
		}

		@Bean
		@Order(1)
		QuicServerCodecCustomizer firstOfCodec() {
			return (builder) -> this.calls.add("codec 1");
		}

		private HttpServer note(String call, HttpServer server) {
			this.calls.add(call);
			return server;
		}

	}

}
