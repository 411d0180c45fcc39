package io.github.http3spring.autoconfigure;

/**
 * Thrown at start-up when the application runs on another generation of Spring Boot than
 * the starter is made for.
 */
class UnsupportedSpringBootException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String version;

	UnsupportedSpringBootException(String version) {
		super(Starter.THIS + " is made for Spring Boot " + Starter.THIS.version()
				+ ", and this application runs on Spring Boot " + version
				+ Starter.of(version).map((starter) -> ": use " + starter).orElse(""));
		this.version = version;
	}

	/**
	 * Return what to do, as a whole sentence.
	 */
	String getAction() {
		return Starter.of(this.version)
			.map((starter) -> "Replace the dependency '" + Starter.THIS + "' by '" + starter + "'")
			.orElse("Remove the dependency '" + Starter.THIS + "'") + ", or build the application with Spring Boot "
				+ Starter.THIS.version() + ".";
	}

}
