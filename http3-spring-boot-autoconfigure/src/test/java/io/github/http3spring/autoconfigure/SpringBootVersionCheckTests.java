package io.github.http3spring.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link SpringBootVersionCheck}.
 */
class SpringBootVersionCheckTests {

	@ParameterizedTest
	@ValueSource(strings = { "2.7.18", "5.0.0", "30.0", "40.0" })
	void generationWithoutAStarterFailsTheStart(String version) {
		FailureAnalysis analysis = analyze(version);
		assertThat(analysis.getDescription()).isEqualTo(Starter.THIS + " is made for Spring Boot "
				+ Starter.THIS.version() + ", and this application runs on Spring Boot " + version + ".");
		assertThat(analysis.getAction()).isEqualTo("Remove the dependency '" + Starter.THIS
				+ "', or build the application with Spring Boot " + Starter.THIS.version() + ".");
	}

	@ParameterizedTest
	@EnumSource
	void generationOfTheOtherStarterFailsTheStartAndNamesThatStarter(Starter other) {
		if (other == Starter.THIS) {
			SpringBootVersionCheck.check(other.version() + ".0");
			return;
		}
		FailureAnalysis analysis = analyze(other.version() + ".0");
		assertThat(analysis.getDescription())
			.isEqualTo(Starter.THIS + " is made for Spring Boot " + Starter.THIS.version()
					+ ", and this application runs on Spring Boot " + other.version() + ".0: use " + other + ".");
		assertThat(analysis.getAction()).isEqualTo("Replace the dependency '" + Starter.THIS + "' by '" + other
				+ "', or build the application with Spring Boot " + Starter.THIS.version() + ".");
	}

	private static FailureAnalysis analyze(String version) {
		UnsupportedSpringBootException failure = catchThrowableOfType(UnsupportedSpringBootException.class,
				() -> SpringBootVersionCheck.check(version));
		return new UnsupportedSpringBootFailureAnalyzer().analyze(failure);
	}

	@Test
	void versionOfTheTestsIsWelcome() {
		new ApplicationContextRunner().withInitializer(new SpringBootVersionCheck())
			.run((context) -> assertThat(context).hasNotFailed());
	}

}
