package io.github.http3spring.sample;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Route the requests that stream a body, in the functional style.
 */
@Configuration(proxyBeanMethods = false)
class BodyRoutes {

	@Bean
	RouterFunction<ServerResponse> bodies() {
		BodyHandler handler = new BodyHandler();
		return RouterFunctions.route()
			.GET("/bytes/{count}", handler::bytes)
			.POST("/echo", handler::echo)
			.POST("/count", handler::count)
			.build();
	}

}
