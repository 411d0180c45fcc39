package io.github.http3spring.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.Ssl;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Matches when TLS is configured, for HTTP/3 alone or for the TCP server.
 */
class OnTlsCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("TLS");
		if (StringUtils.hasText(context.getEnvironment().getProperty("http3.server.ssl.bundle"))) {
			return ConditionOutcome.match(message.because("'http3.server.ssl.bundle' is set"));
		}
		Ssl ssl = Binder.get(context.getEnvironment()).bind("server.ssl", Ssl.class).orElse(null);
		if (Ssl.isEnabled(ssl)) {
			return ConditionOutcome.match(message.because("'server.ssl' is set"));
		}
		return ConditionOutcome.noMatch(message.because("neither 'server.ssl' nor 'http3.server.ssl.bundle' is set"));
	}

	/**
	 * Matches when no TLS is configured.
	 */
	static class Missing extends NoneNestedConditions {

		Missing() {
			super(ConfigurationPhase.PARSE_CONFIGURATION);
		}

		@Conditional(OnTlsCondition.class)
		static class Tls {

		}

	}

}
