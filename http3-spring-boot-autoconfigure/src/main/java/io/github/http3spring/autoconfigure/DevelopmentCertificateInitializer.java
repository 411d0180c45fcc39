package io.github.http3spring.autoconfigure;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;

import io.github.http3spring.development.DevelopmentCertificate;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.web.server.Ssl;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/**
 * Configures the development certificate, if it is asked for, as the SSL bundle of the
 * TCP server, which is that of HTTP/3 too. All the rest is Spring Boot's.
 */
class DevelopmentCertificateInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	private static final Log logger = LogFactory.getLog(DevelopmentCertificateInitializer.class);

	/**
	 * Name of the property source and of the bundle.
	 */
	private static final String NAME = "http3-development";

	private static final String SWITCH = "http3.server.ssl.development-certificate";

	/**
	 * Profiles that are for production by their name, like "prod" and "production-eu".
	 */
	private static final Pattern PRODUCTION = Pattern.compile("(prod|production)([-_.].*)?", Pattern.CASE_INSENSITIVE);

	@Override
	public void initialize(ConfigurableApplicationContext applicationContext) {
		ConfigurableEnvironment environment = applicationContext.getEnvironment();
		boolean wanted = Binder.get(environment).bind(SWITCH, Boolean.class).orElse(false);
		if (wanted && !DeploymentCondition.isProcessingAheadOfTime()) {
			if (isTlsConfigured(environment)) {
				logger.info("The development certificate is not used, because 'server.ssl' is configured");
				return;
			}
			refuseInProduction(environment);
			configure(environment);
		}
	}

	/**
	 * Return whether the TCP server has a certificate, or no TLS on purpose.
	 */
	private static boolean isTlsConfigured(Environment environment) {
		return Binder.get(environment)
			.bind("server.ssl", Ssl.class)
			.map((ssl) -> !ssl.isEnabled() || StringUtils.hasText(ssl.getBundle())
					|| StringUtils.hasText(ssl.getCertificate()) || StringUtils.hasText(ssl.getKeyStore())
					|| StringUtils.hasText(ssl.getKeyStoreProvider()))
			.orElse(false);
	}

	private static void refuseInProduction(Environment environment) {
		Arrays.stream(environment.getActiveProfiles())
			.filter((profile) -> PRODUCTION.matcher(profile).matches())
			.findFirst()
			.ifPresent((profile) -> {
				throw new InvalidConfigurationPropertyValueException(SWITCH, true,
						"Must be false with the profile '" + profile
								+ "': nobody but this host can trust a development certificate. "
								+ "Set 'server.ssl.bundle' to the certificate of the deployment.");
			});
	}

	private static void configure(ConfigurableEnvironment environment) {
		Path directory = Binder.get(environment)
			.bind(SWITCH + "-directory", File.class)
			.map(File::toPath)
			.orElse(DevelopmentCertificate.DEFAULT_DIRECTORY)
			.toAbsolutePath();
		try {
			DevelopmentCertificate files = DevelopmentCertificate.in(directory);
			String keyStore = "spring.ssl.bundle.pem." + NAME + ".keystore.";
			environment.getPropertySources()
				.addLast(new MapPropertySource(NAME,
						Map.of("server.ssl.bundle", NAME, keyStore + "certificate",
								files.certificate().toUri().toString(), keyStore + "private-key",
								files.privateKey().toUri().toString())));
			logger.info("HTTPS and HTTP/3 use the development certificate " + files.certificate()
					+ ", which clients on this host can be told to trust");
		}
		catch (IOException ex) {
			throw new InvalidConfigurationPropertyValueException(SWITCH + "-directory", directory,
					"Must be a directory that the user who runs the application can write to (" + ex + ").");
		}
	}

}
