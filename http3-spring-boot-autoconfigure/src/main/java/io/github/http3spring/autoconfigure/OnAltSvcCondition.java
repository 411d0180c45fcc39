package io.github.http3spring.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.core.env.Environment;

/**
 * Matches unless the advertisement of HTTP/3 is switched off.
 */
class OnAltSvcCondition extends DeploymentCondition {

	private static final String PROPERTY = "http3.server.alt-svc.enabled";

	static boolean matches(Environment environment) {
		return isOn(environment, PROPERTY);
	}

	@Override
	ConditionOutcome getMatchOutcome(Environment environment) {
		return outcome(environment, PROPERTY);
	}

}
