package io.github.http3spring.autoconfigure;

import io.github.http3spring.actuate.Http3ServerMetrics;
import io.github.http3spring.server.Http3Server;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.MetricsAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * Auto-configuration of the meters of the HTTP/3 server.
 */
@AutoConfiguration(after = { Http3ServerAutoConfiguration.class, MetricsAutoConfiguration.class,
		CompositeMeterRegistryAutoConfiguration.class })
@ConditionalOnClass({ MeterRegistry.class, MetricsAutoConfiguration.class })
@ConditionalOnBean({ Http3Server.class, MeterRegistry.class })
@Conditional(OnWebServerCondition.class)
public class Http3MetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	Http3ServerMetrics http3ServerMetrics(Http3Server server) {
		return new Http3ServerMetrics(server);
	}

}
