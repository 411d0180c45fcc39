package io.github.http3spring.sample;

import reactor.netty.http.server.HttpServerRequest;

import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Tell a client which version of HTTP its request came over.
 */
@RestController
class ProtocolController {

	@GetMapping("/protocol")
	Protocol protocol(ServerHttpRequest request) {
		HttpServerRequest nativeRequest = ServerHttpRequestDecorator.getNativeRequest(request);
		return new Protocol(nativeRequest.protocol());
	}

	record Protocol(String protocol) {
	}

}
