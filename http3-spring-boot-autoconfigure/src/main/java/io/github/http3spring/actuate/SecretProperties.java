package io.github.http3spring.actuate;

import java.util.Locale;
import java.util.Set;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/**
 * Hides the keys of HTTP/3 in the endpoints {@code env} and {@code configprops}, whatever
 * {@code show-values} is. Whoever has them can end connections or find instances behind a
 * load balancer.
 */
public final class SecretProperties implements SanitizingFunction {

	private static final Set<String> NAMES = Set.of("http3serverquicstatelessresetkey", "http3serverquicserveridkey");

	@Override
	public SanitizableData apply(SanitizableData data) {
		// As relaxed binding has it: of environment variables too
		String name = data.getKey().replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
		return NAMES.contains(name) ? data.withSanitizedValue() : data;
	}

}
