package io.github.http3spring.autoconfigure;

import io.github.http3spring.netty.settings.PropertyRange;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Says which property has a value that is not allowed, and why. Spring Boot's own
 * analyzer would speak of the record that a refused value is bound to, and show the value
 * of a secret.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class InvalidPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidConfigurationPropertyValueException> {

	private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("http3.server");

	private final Environment environment;

	InvalidPropertyFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure,
			InvalidConfigurationPropertyValueException cause) {
		ConfigurationPropertyName name = ConfigurationPropertyName.of(cause.getName());
		if (!PREFIX.isAncestorOf(name)) {
			return null;
		}
		ConfigurationProperty property = find(name);
		String reason = "Validation failed for the following reason:%n%n".formatted() + cause.getReason();
		return new FailureAnalysis(
				"Invalid value '" + value(cause, property) + "' for configuration property '" + name + "'"
						+ origin(property) + ". " + reason,
				"Review the value of the property with the provided reason.", cause);
	}

	private @Nullable ConfigurationProperty find(ConfigurationPropertyName name) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			ConfigurationProperty property = source.getConfigurationProperty(name);
			if (property != null) {
				return property;
			}
		}
		return null;
	}

	/**
	 * Return the value as it was written, unless it is a secret or a default.
	 */
	private static @Nullable Object value(InvalidConfigurationPropertyValueException cause,
			@Nullable ConfigurationProperty property) {
		boolean shown = property != null && !PropertyRange.HIDDEN.equals(cause.getValue());
		return shown ? property.getValue() : cause.getValue();
	}

	private static String origin(@Nullable ConfigurationProperty property) {
		return (property != null && property.getOrigin() != null) ? " (originating from '" + property.getOrigin() + "')"
				: "";
	}

}
