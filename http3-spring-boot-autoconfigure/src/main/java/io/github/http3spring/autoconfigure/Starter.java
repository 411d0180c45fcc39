package io.github.http3spring.autoconfigure;

import java.util.Arrays;
import java.util.Optional;

/**
 * The starters of this project, each for a generation of Spring Boot.
 */
enum Starter {

	/**
	 * For Spring Boot 3.
	 */
	BOOT_3("http3-spring-boot-starter", "3.", "3.5"),

	/**
	 * For Spring Boot 4.
	 */
	BOOT_4("http3-spring-boot4-starter", "4.", "4.1");

	/**
	 * The one that this class belongs to.
	 */
	static final Starter THIS = Starter.BOOT_3;

	private final String artifact;

	private final String generation;

	private final String version;

	Starter(String artifact, String generation, String version) {
		this.artifact = artifact;
		this.generation = generation;
		this.version = version;
	}

	/**
	 * Return the version of Spring Boot that is tested.
	 */
	String version() {
		return this.version;
	}

	boolean isFor(String springBootVersion) {
		return springBootVersion.startsWith(this.generation);
	}

	static Optional<Starter> of(String springBootVersion) {
		return Arrays.stream(values()).filter((starter) -> starter.isFor(springBootVersion)).findAny();
	}

	@Override
	public String toString() {
		return this.artifact;
	}

}
