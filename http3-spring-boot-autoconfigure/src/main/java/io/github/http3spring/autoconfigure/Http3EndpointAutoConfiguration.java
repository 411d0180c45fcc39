package io.github.http3spring.autoconfigure;

import io.github.http3spring.actuate.Http3Endpoint;
import io.github.http3spring.actuate.Http3EndpointWebExtension;
import io.github.http3spring.server.Http3Server;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the Actuator endpoint {@code http3}.
 */
@AutoConfiguration(after = Http3ServerAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(Http3Server.class)
@ConditionalOnAvailableEndpoint(Http3Endpoint.class)
@EnableConfigurationProperties(Http3EndpointProperties.class)
public class Http3EndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	Http3Endpoint http3Endpoint(ObjectProvider<Http3Server> server, Http3EndpointProperties properties) {
		return new Http3Endpoint(server::getObject, properties.showValues());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(Http3Endpoint.class)
	@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
	Http3EndpointWebExtension http3EndpointWebExtension(Http3Endpoint endpoint, Http3EndpointProperties properties) {
		return new Http3EndpointWebExtension(endpoint, properties.showValues(), properties.roles());
	}

}
