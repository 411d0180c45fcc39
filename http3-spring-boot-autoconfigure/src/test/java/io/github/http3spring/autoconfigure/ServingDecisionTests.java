package io.github.http3spring.autoconfigure;

import java.nio.file.Path;
import java.util.function.Consumer;

import io.github.http3spring.TestContextRunner;
import io.github.http3spring.TestHttpClient;
import io.github.http3spring.TestKeyStore;
import io.github.http3spring.context.Http3ServerLifecycle;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ServerState;
import io.github.http3spring.server.Http3ShutdownSignal;
import io.github.http3spring.server.MissingTlsException;
import io.github.http3spring.web.AltSvcWebFilter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import org.springframework.aot.AotDetector;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.core.SpringProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ServingDecision} in an application whose conditions were evaluated
 * ahead of time, before its configuration was known.
 */
@Isolated("sets system properties and captures the output")
@ExtendWith(OutputCaptureExtension.class)
class ServingDecisionTests {

	private static final String AOT_PROCESSING = "spring.aot.processing";

	@TempDir
	static Path directory;

	private static Path keyStore;

	private final ReactiveWebApplicationContextRunner runner = TestContextRunner.withoutTls()
		.withInitializer((context) -> {
			System.setProperty(AOT_PROCESSING, "true");
			// After the conditions, and before the decision
			context.addBeanFactoryPostProcessor((beanFactory) -> {
				System.clearProperty(AOT_PROCESSING);
				SpringProperties.setFlag(AotDetector.AOT_ENABLED);
			});
		});

	@BeforeAll
	static void createKeyStore() throws Exception {
		keyStore = TestKeyStore.create(directory.resolve("server.p12"), "localhost");
	}

	@Test
	void tlsOfTheDeploymentIsEnough() {
		run(this.runner.withPropertyValues(TestContextRunner.tls(keyStore)), (context) -> {
			assertThat(context.getBean(Http3Server.class).getState()).isEqualTo(Http3ServerState.RUNNING);
			assertThat(context.getBeansOfType(AltSvcWebFilter.class)).hasSize(1);
		});
	}

	@Test
	void deploymentWithoutTlsServesTcpAndSaysWhy(CapturedOutput output) {
		run(this.runner, (context) -> {
			assertOnlyTcpIsServed(context);
			assertThat(output.getOut().lines().filter((line) -> line.contains("HTTP/3 "))).singleElement()
				.asString()
				.contains("WARN", "HTTP/3 is not served because TLS is not configured: ");
		});
	}

	@Test
	void deploymentWithoutTlsFailsWhenEnabledExplicitly() {
		try {
			this.runner.withPropertyValues("http3.server.enabled=true")
				.run((context) -> assertThat(context).getFailure().rootCause().isInstanceOf(MissingTlsException.class));
		}
		finally {
			reset();
		}
	}

	@Test
	void deploymentCanSwitchHttp3Off() {
		run(this.runner.withPropertyValues("http3.server.enabled=false"), ServingDecisionTests::assertOnlyTcpIsServed);
	}

	@Test
	void deploymentCanSwitchTheAdvertisementOff() {
		run(this.runner.withPropertyValues(TestContextRunner.tls(keyStore))
			.withPropertyValues("http3.server.alt-svc.enabled=false"), (context) -> {
				assertThat(context.getBean(Http3Server.class).getState()).isEqualTo(Http3ServerState.RUNNING);
				assertThat(context.getBeansOfType(AltSvcWebFilter.class)).isEmpty();
			});
	}

	private static void assertOnlyTcpIsServed(ApplicationContext context) {
		assertThat(context.getBeansOfType(Http3Server.class)).isEmpty();
		assertThat(context.getBeansOfType(Http3ServerLifecycle.class)).isEmpty();
		assertThat(context.getBeansOfType(Http3ShutdownSignal.class)).hasSize(1);
		try (TestHttpClient client = new TestHttpClient()) {
			int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
			assertThat(TestHttpClient.get(client.clearText(port), "/peer")).contains("127.0.0.1");
		}
	}

	private static void run(ReactiveWebApplicationContextRunner runner, Consumer<ApplicationContext> test) {
		try {
			runner.run((context) -> {
				assertThat(context).hasNotFailed();
				test.accept(context);
			});
		}
		finally {
			reset();
		}
	}

	private static void reset() {
		System.clearProperty(AOT_PROCESSING);
		SpringProperties.setProperty(AotDetector.AOT_ENABLED, null);
	}

}
