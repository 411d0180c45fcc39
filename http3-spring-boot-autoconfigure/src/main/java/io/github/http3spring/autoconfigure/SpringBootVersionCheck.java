package io.github.http3spring.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringBootVersion;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Keeps the starter out of applications of another generation of Spring Boot, which would
 * fail much later for want of a class that has moved. Refers to nothing but what all
 * generations have in the same place.
 */
class SpringBootVersionCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	@Override
	public void initialize(ConfigurableApplicationContext applicationContext) {
		check(SpringBootVersion.getVersion());
	}

	static void check(@Nullable String version) {
		if (version != null && !Starter.THIS.isFor(version)) {
			throw new UnsupportedSpringBootException(version);
		}
	}

}
