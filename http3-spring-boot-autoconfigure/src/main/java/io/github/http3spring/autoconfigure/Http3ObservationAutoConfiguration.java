package io.github.http3spring.autoconfigure;

import io.github.http3spring.actuate.Http3ProtocolObservationFilter;
import io.github.http3spring.server.Http3Server;
import io.micrometer.observation.ObservationFilter;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;

/**
 * Auto-configuration of the version of HTTP in the observations of requests.
 */
@AutoConfiguration(after = Http3ServerAutoConfiguration.class)
@ConditionalOnClass({ ObservationFilter.class, ObservationAutoConfiguration.class,
		ServerRequestObservationContext.class, HttpServerRequest.class })
@ConditionalOnBean(Http3Server.class)
public class Http3ObservationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	Http3ProtocolObservationFilter http3ProtocolObservationFilter() {
		return new Http3ProtocolObservationFilter();
	}

}
