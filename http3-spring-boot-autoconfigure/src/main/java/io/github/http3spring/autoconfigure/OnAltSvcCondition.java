package io.github.http3spring.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Matches unless the advertisement of HTTP/3 is switched off.
 */
class OnAltSvcCondition extends DeploymentCondition {

	private static final String PROPERTY = "http3.server.alt-svc.enabled";

	static boolean matches(Environment environment) {
		return Binder.get(environment).bind(PROPERTY, Boolean.class).orElse(true);
	}

	@Override
	ConditionOutcome getMatchOutcome(Environment environment) {
		boolean matches = matches(environment);
		return new ConditionOutcome(matches,
				ConditionMessage.of("'" + PROPERTY + "' is " + (matches ? "true" : "false")));
	}

}
