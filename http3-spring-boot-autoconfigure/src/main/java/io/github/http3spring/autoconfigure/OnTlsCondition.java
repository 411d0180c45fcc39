package io.github.http3spring.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.Ssl;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Matches when TLS is configured, for HTTP/3 alone or for the TCP server.
 */
class OnTlsCondition extends DeploymentCondition {

	@Override
	ConditionOutcome getMatchOutcome(Environment environment) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("TLS");
		if (StringUtils.hasText(environment.getProperty("http3.server.ssl.bundle"))) {
			return ConditionOutcome.match(message.because("'http3.server.ssl.bundle' is set"));
		}
		if (Ssl.isEnabled(Binder.get(environment).bind("server.ssl", Ssl.class).orElse(null))) {
			return ConditionOutcome.match(message.because("'server.ssl' is set"));
		}
		return ConditionOutcome.noMatch(message.because("neither 'server.ssl' nor 'http3.server.ssl.bundle' is set"));
	}

	static boolean matches(Environment environment) {
		return new OnTlsCondition().getMatchOutcome(environment).isMatch();
	}

}
