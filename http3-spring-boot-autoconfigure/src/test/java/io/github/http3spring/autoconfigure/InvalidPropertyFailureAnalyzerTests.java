package io.github.http3spring.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link InvalidPropertyFailureAnalyzer}, among the analyzers of Spring Boot.
 */
class InvalidPropertyFailureAnalyzerTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Properties.class);

	@ParameterizedTest
	@CsvSource({ "http3.server.port, 65536", "http3.server.quic.max-ack-delay, 20s",
			"http3.server.shutdown.spread, -1s" })
	void valueThatARecordRefusesIsNamedWithItsReason(String name, String value) {
		this.runner.withPropertyValues(name + "=" + value).run((context) -> {
			FailureAnalysis analysis = analyze(context.getStartupFailure(),
					new MockEnvironment().withProperty(name, value));
			assertThat(analysis.getDescription())
				.startsWith("Invalid value '" + value + "' for configuration property '" + name + "'")
				.contains("Validation failed for the following reason:", "Must be between ");
			assertThat(analysis.getAction()).isEqualTo("Review the value of the property with the provided reason.");
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			server-id                 | 0a1                        | each of two hexadecimal digits; in quotes
			server-id                 | 0102030405060708090a0b0c0d | Must be between 1 and 12 bytes
			server-id-config-rotation | 7                          | Must be between 0 and 6.
			server-id-nonce-length    | 3                          | Must be between 4 and 15.
			""")
	void serverIdThatNoLoadBalancerKnowsIsNamedWithItsReason(String property, String value, String reason) {
		String name = "http3.server.quic." + property;
		this.runner.withPropertyValues(name + "=" + value)
			.run((context) -> assertThat(
					analyze(context.getStartupFailure(), new MockEnvironment().withProperty(name, value))
						.getDescription())
				.startsWith("Invalid value '" + value + "' for configuration property '" + name + "'")
				.contains(reason));
	}

	@ParameterizedTest
	@ValueSource(strings = { "8f95f0924576", "8f95f09245765f80256934e50c66207", "8f95f09245765f80256934e50c66207x" })
	void keyOfServerIdsIsNotShown(String key) {
		String name = "http3.server.quic.server-id-key";
		this.runner.withPropertyValues(name + "=" + key)
			.run((context) -> assertThat(
					analyze(context.getStartupFailure(), new MockEnvironment().withProperty(name, key))
						.getDescription())
				.startsWith("Invalid value '******' for configuration property '" + name + "'")
				.contains("Must be 16 bytes: 32 hexadecimal digits.")
				.doesNotContain(key));
	}

	@Test
	void variableOfTheLoadBalancerOfAwsIsNamed() {
		Environment environment = new MockEnvironment().withProperty("AWS_LBC_QUIC_SERVER_ID", "LWV1");
		assertThatThrownBy(() -> new TestSettings(List.of("AWS_LBC_QUIC_SERVER_ID=LWV1")).server())
			.satisfies((failure) -> assertThat(analyze(failure, environment).getDescription())
				.startsWith("Invalid value 'LWV1' for configuration property 'http3.server.quic.server-id'")
				.contains("The environment variable AWS_LBC_QUIC_SERVER_ID must hold 8 bytes"));
	}

	@Test
	void secretIsNotShown() {
		String name = "http3.server.quic.stateless-reset-key";
		this.runner.withPropertyValues(name + "=too-short").run((context) -> {
			FailureAnalysis analysis = analyze(context.getStartupFailure(),
					new MockEnvironment().withProperty(name, "too-short"));
			assertThat(analysis.getDescription()).startsWith("Invalid value '******'")
				.contains(name, "Must have at least 32 characters.")
				.doesNotContain("too-short");
		});
	}

	@Test
	void originIsShown() {
		StandardEnvironment environment = new StandardEnvironment();
		Origin origin = new TextResourceOrigin(null, new TextResourceOrigin.Location(2, 8));
		environment.getPropertySources()
			.addFirst(new OriginTrackedMapPropertySource("file",
					Map.of("http3.server.port", OriginTrackedValue.of("-1", origin))));
		FailureAnalysis analysis = analyze(
				new InvalidConfigurationPropertyValueException("http3.server.port", -1, "Reason."), environment);
		assertThat(analysis.getDescription()).contains("(originating from '" + origin + "')");
	}

	@Test
	void propertiesOfOthersAreLeftToSpringBoot() {
		InvalidConfigurationPropertyValueException failure = new InvalidConfigurationPropertyValueException(
				"http3.serverless", 1, "Reason.");
		assertThat(new InvalidPropertyFailureAnalyzer(new StandardEnvironment()).analyze(failure)).isNull();
	}

	private static FailureAnalysis analyze(Throwable failure, Environment environment) {
		List<FailureAnalyzer> analyzers = SpringFactoriesLoader
			.forDefaultResourceLocation(InvalidPropertyFailureAnalyzer.class.getClassLoader())
			.load(FailureAnalyzer.class, SpringFactoriesLoader.ArgumentResolver.of(Environment.class, environment),
					SpringFactoriesLoader.FailureHandler.handleMessage((message, ex) -> {
					}));
		return analyzers.stream()
			.map((analyzer) -> analyzer.analyze(failure))
			.filter(Objects::nonNull)
			.findFirst()
			.orElseThrow();
	}

	@EnableConfigurationProperties(Http3ServerProperties.class)
	private static final class Properties {

	}

}
