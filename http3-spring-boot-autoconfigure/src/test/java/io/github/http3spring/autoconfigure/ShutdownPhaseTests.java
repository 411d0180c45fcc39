package io.github.http3spring.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.http3spring.TestContextRunner;
import io.github.http3spring.TestKeyStore;
import io.github.http3spring.shutdown.ShutdownPolicy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ShutdownPhase}.
 */
@Isolated("captures the output")
@ExtendWith(OutputCaptureExtension.class)
class ShutdownPhaseTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	@TempDir
	static Path directory;

	private static Path keyStore;

	@BeforeAll
	static void createKeyStore() throws Exception {
		keyStore = TestKeyStore.create(directory.resolve("server.p12"), "localhost");
	}

	@Test
	void gracePeriodThatFitsIsNotWarnedOf() {
		assertThat(warnings(Duration.ofMillis(29_250), Duration.ofSeconds(20), Duration.ofSeconds(9))).isEmpty();
		assertThat(warnings(Duration.ZERO, Duration.ZERO, null)).isEmpty();
		assertThat(warnings(Duration.ofMillis(29_501), Duration.ofSeconds(20), Duration.ofSeconds(9))).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1500, 4000, 30_000 })
	void defaultGracePeriodFits(long timeout) {
		ShutdownPhase phase = new ShutdownPhase(Duration.ofMillis(timeout));
		assertThat(phase.defaultGracePeriod()).isPositive();
		assertThat(phase.warnings(new ShutdownPolicy(null, phase.defaultGracePeriod(), Duration.ZERO, Duration.ZERO)))
			.isEmpty();
	}

	@Test
	void gracePeriodThatDoesNotFitIsWarnedOf() {
		assertThat(warnings(Duration.ofSeconds(30), Duration.ZERO, null)).singleElement()
			.asString()
			.contains("'http3.server.shutdown.grace-period' (30s)", "(up to 500ms)",
					"'spring.lifecycle.timeout-per-shutdown-phase' (30s)", "to at least 30500ms");
		assertThat(warnings(Duration.ofMillis(29_501), Duration.ZERO, null)).hasSize(1);
	}

	@Test
	void spreadThatIsNotShorterThanTheGracePeriodIsWarnedOf() {
		assertThat(warnings(Duration.ofSeconds(10), Duration.ofSeconds(10), null)).singleElement()
			.asString()
			.contains("'http3.server.shutdown.spread' (10s)", "'http3.server.shutdown.goaway-delay' (not set)",
					"'http3.server.shutdown.grace-period' (10s)", "to more than 10s");
		assertThat(warnings(Duration.ofSeconds(10), Duration.ofMillis(9999), null)).isEmpty();
	}

	@Test
	void goAwayDelayThatIsNotShorterThanTheGracePeriodIsWarnedOf() {
		assertThat(warnings(Duration.ofSeconds(10), Duration.ZERO, Duration.ofSeconds(10))).hasSize(1);
		assertThat(warnings(Duration.ofSeconds(10), Duration.ofSeconds(6), Duration.ofSeconds(5))).singleElement()
			.asString()
			.contains("'http3.server.shutdown.spread' (6s)", "'http3.server.shutdown.goaway-delay' (5s)",
					"to more than 11s");
	}

	@Test
	void everyConflictIsLoggedAtTheStartOfAGracefulServer(CapturedOutput output) {
		run("server.shutdown=graceful");
		assertThat(output.getOut().lines().filter((line) -> line.contains("WARN"))).hasSize(2)
			.anyMatch((line) -> line.contains("'spring.lifecycle.timeout-per-shutdown-phase' (5s)"))
			.anyMatch((line) -> line.contains("'http3.server.shutdown.spread' (7s)"));
	}

	@Test
	void nothingIsLoggedOfAServerThatDoesNotShutDownGracefully(CapturedOutput output) {
		run("server.shutdown=immediate");
		assertThat(output.getOut()).contains("HTTP/3 is not served because this application context starts no servers")
			.doesNotContain("WARN");
	}

	private static void run(String shutdown) {
		new ReactiveWebApplicationContextRunner().withConfiguration(TestContextRunner.autoConfigurations())
			.withPropertyValues(TestContextRunner.tls(keyStore))
			.withPropertyValues(shutdown, "spring.lifecycle.timeout-per-shutdown-phase=5s",
					"http3.server.shutdown.grace-period=6s", "http3.server.shutdown.spread=7s")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private static List<String> warnings(Duration gracePeriod, Duration spread, Duration goAwayDelay) {
		return new ShutdownPhase(TIMEOUT).warnings(new ShutdownPolicy(goAwayDelay, gracePeriod, spread, Duration.ZERO));
	}

}
