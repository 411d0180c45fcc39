package io.github.http3spring.autoconfigure;

import io.github.http3spring.actuate.Http3InfoContributor;
import io.github.http3spring.server.Http3Server;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.autoconfigure.info.InfoContributorFallback;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of what the endpoint {@code info} tells of the HTTP/3 server.
 */
@AutoConfiguration(after = Http3ServerAutoConfiguration.class)
@ConditionalOnClass({ InfoContributor.class, ConditionalOnEnabledInfoContributor.class })
@ConditionalOnBean(Http3Server.class)
@ConditionalOnEnabledInfoContributor(value = "http3", fallback = InfoContributorFallback.DISABLE)
public class Http3InfoContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	Http3InfoContributor http3InfoContributor(ObjectProvider<Http3Server> server) {
		return new Http3InfoContributor(server::getObject);
	}

}
