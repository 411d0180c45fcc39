package io.github.http3spring.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.core.env.Environment;

/**
 * Matches unless HTTP/3 is switched off.
 */
class OnEnabledCondition extends DeploymentCondition {

	private static final String PROPERTY = "http3.server.enabled";

	static boolean matches(Environment environment) {
		return isOn(environment, PROPERTY);
	}

	@Override
	ConditionOutcome getMatchOutcome(Environment environment) {
		return outcome(environment, PROPERTY);
	}

}
