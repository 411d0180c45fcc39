package io.github.http3spring.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SpringBootVersionCheck}.
 */
class SpringBootVersionCheckTests {

	@ParameterizedTest
	@ValueSource(strings = { "4.0.0", "4.1.2", "2.7.18", "30.0" })
	void otherGenerationFailsTheStartAndSaysWhatToDo(String version) {
		assertThatExceptionOfType(UnsupportedSpringBootException.class)
			.isThrownBy(() -> SpringBootVersionCheck.check(version))
			.satisfies((failure) -> {
				FailureAnalysis analysis = new UnsupportedSpringBootFailureAnalyzer().analyze(failure);
				assertThat(analysis.getDescription())
					.isEqualTo("http3-spring-boot-starter is made for Spring Boot 3.5, "
							+ "and this application runs on Spring Boot " + version + ".");
				assertThat(analysis.getAction()).contains("'http3-spring-boot-starter'", "Spring Boot 3.5");
			});
	}

	@Test
	void versionOfTheTestsIsWelcome() {
		new ApplicationContextRunner().withInitializer(new SpringBootVersionCheck())
			.run((context) -> assertThat(context).hasNotFailed());
	}

}
