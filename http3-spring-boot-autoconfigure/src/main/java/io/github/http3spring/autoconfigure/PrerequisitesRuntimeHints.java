package io.github.http3spring.autoconfigure;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * Keeps the classes in a native image that the application looks for as it starts: one
 * that is not registered looks as if it were not on the class path.
 */
class PrerequisitesRuntimeHints implements RuntimeHintsRegistrar {

	private static final List<String> LOOKED_FOR = List.of(Prerequisites.REACTOR_NETTY, Prerequisites.HTTP3_CODEC,
			Prerequisites.QUIC_CODEC, "org.slf4j.MDC");

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		for (String className : LOOKED_FOR) {
			hints.reflection().registerTypeIfPresent(classLoader, className);
		}
	}

}
