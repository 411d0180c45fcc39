package io.github.http3spring.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DevelopmentCertificateInitializer}.
 */
class DevelopmentCertificateInitializerTests {

	private static final String WANTED = "http3.server.ssl.development-certificate=true";

	@TempDir
	Path temporary;

	private final GenericApplicationContext context = new GenericApplicationContext();

	private final ConfigurableEnvironment environment = this.context.getEnvironment();

	@Test
	void bundleOfBothServersIsTheCertificateInTheDirectory() {
		initialize(WANTED);
		String bundle = this.environment.getProperty("server.ssl.bundle");
		String keyStore = "spring.ssl.bundle.pem." + bundle + ".keystore.";
		assertThat(this.environment.getProperty(keyStore + "certificate"))
			.isEqualTo(directory().resolve("localhost.pem").toUri().toString());
		assertThat(this.environment.getProperty(keyStore + "private-key"))
			.isEqualTo(directory().resolve("localhost-key.pem").toUri().toString());
		assertThat(directory().resolve("localhost.pem")).exists();
	}

	@ParameterizedTest
	@ValueSource(strings = { "http3.server.ssl.development-certificate=false", "http3.server.ssl.bundle=other" })
	void nothingIsMadeUnlessItIsAskedFor(String property) {
		initialize(property);
		assertNothingIsMade(null);
	}

	@ParameterizedTest
	@ValueSource(strings = { "server.ssl.bundle=web", "server.ssl.certificate=server.pem",
			"server.ssl.key-store=server.p12", "server.ssl.key-store-provider=token", "server.ssl.enabled=false" })
	void tlsOfTheApplicationIsUsedInstead(String tls) {
		initialize(WANTED, tls);
		assertNothingIsMade(tls.startsWith("server.ssl.bundle=") ? "web" : null);
	}

	@Test
	void otherPropertiesOfTlsAreNoCertificate() {
		initialize(WANTED, "server.ssl.enabled-protocols=TLSv1.3");
		assertThat(this.environment.getProperty("server.ssl.bundle")).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "prod", "production", "PROD", "prod-eu", "production.blue" })
	void startIsRefusedWithAProfileForProduction(String profile) {
		this.environment.setActiveProfiles("metrics", profile);
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class).isThrownBy(() -> initialize(WANTED))
			.withMessageContaining("http3.server.ssl.development-certificate")
			.satisfies((ex) -> assertThat(ex.getReason()).contains("'" + profile + "'", "'server.ssl.bundle'"));
		assertNothingIsMade(null);
	}

	@Test
	void certificateOfTheDeploymentIsFineWithAProfileForProduction() {
		this.environment.setActiveProfiles("prod");
		initialize(WANTED, "server.ssl.bundle=web");
		assertNothingIsMade("web");
	}

	@ParameterizedTest
	@ValueSource(strings = { "dev", "product", "reproduction", "default" })
	void otherProfilesAreForDevelopment(String profile) {
		this.environment.setActiveProfiles(profile);
		initialize(WANTED);
		assertThat(directory().resolve("localhost.pem")).exists();
	}

	@Test
	void directoryThatCannotBeUsedIsRefused() throws Exception {
		Files.createFile(directory());
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class).isThrownBy(() -> initialize(WANTED))
			.satisfies(
					(ex) -> assertThat(ex.getName()).isEqualTo("http3.server.ssl.development-certificate-directory"));
	}

	private void initialize(String... properties) {
		TestPropertyValues.of(properties)
			.and("http3.server.ssl.development-certificate-directory=" + directory())
			.applyTo(this.environment);
		new DevelopmentCertificateInitializer().initialize(this.context);
	}

	private Path directory() {
		return this.temporary.resolve("certificate");
	}

	private void assertNothingIsMade(@Nullable String bundle) {
		assertThat(this.environment.getProperty("server.ssl.bundle")).isEqualTo(bundle);
		assertThat(directory()).doesNotExist();
	}

}
