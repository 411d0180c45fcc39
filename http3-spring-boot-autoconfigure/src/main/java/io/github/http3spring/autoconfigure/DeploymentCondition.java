package io.github.http3spring.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * A condition on configuration that an application may get only where it is deployed. If
 * the application is processed ahead of time, conditions are evaluated where it is built:
 * this one matches there, and {@link ServingDecision} looks again when the application
 * starts.
 */
abstract class DeploymentCondition extends SpringBootCondition {

	/**
	 * System property of Spring while it processes an application ahead of time.
	 */
	private static final String AOT_PROCESSING = "spring.aot.processing";

	static boolean isProcessingAheadOfTime() {
		return Boolean.getBoolean(AOT_PROCESSING);
	}

	@Override
	public final ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		return isProcessingAheadOfTime()
				? ConditionOutcome.match(getClass().getSimpleName() + " is evaluated where the application is deployed")
				: getMatchOutcome(context.getEnvironment());
	}

	abstract ConditionOutcome getMatchOutcome(Environment environment);

	/**
	 * Return whether a switch is on, which it is by default.
	 */
	static boolean isOn(Environment environment, String property) {
		return Binder.get(environment).bind(property, Boolean.class).orElse(true);
	}

	static ConditionOutcome outcome(Environment environment, String property) {
		boolean on = isOn(environment, property);
		return new ConditionOutcome(on, ConditionMessage.of("'" + property + "' is " + (on ? "true" : "false")));
	}

}
