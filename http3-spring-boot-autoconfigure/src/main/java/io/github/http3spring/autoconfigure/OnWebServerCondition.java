package io.github.http3spring.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.web.context.WebServerApplicationContext;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches where servers are started, which they are not in a test with a mock web
 * environment: a server that nobody starts is not down.
 */
class OnWebServerCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Web server");
		return (context.getResourceLoader() instanceof WebServerApplicationContext)
				? ConditionOutcome.match(message.because("the context starts servers"))
				: ConditionOutcome.noMatch(message.because("the context starts no server"));
	}

}
