package io.github.http3spring.compatibility;

import java.util.List;

/**
 * What all applications of the tests have in common, because a JVM pays for it each time
 * or cannot have it twice: Netty with its native libraries, and the log. Whether that is
 * there decides about no auto-configuration that a library brings.
 */
final class SharedClasses extends ClassLoader {

	private static final List<String> PACKAGES = List.of("io.netty.", "org.slf4j.", "ch.qos.logback.");

	private final ClassLoader source;

	SharedClasses(ClassLoader source) {
		super(ClassLoader.getPlatformClassLoader());
		this.source = source;
	}

	@Override
	protected Class<?> findClass(String name) throws ClassNotFoundException {
		if (PACKAGES.stream().anyMatch(name::startsWith)) {
			return this.source.loadClass(name);
		}
		throw new ClassNotFoundException(name);
	}

}
