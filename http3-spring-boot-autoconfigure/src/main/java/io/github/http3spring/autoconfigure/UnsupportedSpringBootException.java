package io.github.http3spring.autoconfigure;

/**
 * Thrown at start-up when the application runs on another generation of Spring Boot than
 * the starter is made for.
 */
class UnsupportedSpringBootException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	UnsupportedSpringBootException(String version) {
		super("http3-spring-boot-starter is made for Spring Boot 3.5, and this application runs on Spring Boot "
				+ version);
	}

}
