package io.github.http3spring.autoconfigure;

import io.github.http3spring.actuate.Http3HealthIndicator;
import io.github.http3spring.server.Http3Server;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * Auto-configuration of the health contributor {@code http3}.
 */
@AutoConfiguration(after = Http3ServerAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(Http3Server.class)
@ConditionalOnEnabledHealthIndicator("http3")
@Conditional(OnWebServerCondition.class)
public class Http3HealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "http3HealthIndicator", "http3HealthContributor" })
	Http3HealthIndicator http3HealthContributor(ObjectProvider<Http3Server> server) {
		return new Http3HealthIndicator(server::getObject);
	}

}
