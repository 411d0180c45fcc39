package io.github.http3spring.autoconfigure;

import io.github.http3spring.context.ApplicationShutdownSignal;
import io.github.http3spring.server.Http3ShutdownSignal;
import io.netty.channel.Channel;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Auto-configuration of the signal that handlers have injected, which therefore is there
 * without HTTP/3 too: where that is switched off or lacks TLS, and in tests of a slice.
 */
@AutoConfiguration
@ConditionalOnClass({ Channel.class, Connection.class, Mono.class, ServerHttpRequest.class })
public class Http3ShutdownSignalAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(Http3ShutdownSignal.class)
	ApplicationShutdownSignal http3ShutdownSignal() {
		return new ApplicationShutdownSignal();
	}

}
