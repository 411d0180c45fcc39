package io.github.http3spring.autoconfigure;

import io.github.http3spring.actuate.SecretProperties;

import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration that hides the keys of HTTP/3 from Actuator's endpoints. Not only
 * where the server is: they may be configured where it is switched off.
 */
@AutoConfiguration
@ConditionalOnClass(SanitizingFunction.class)
public class Http3SanitizingAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	SecretProperties http3SecretProperties() {
		return new SecretProperties();
	}

}
