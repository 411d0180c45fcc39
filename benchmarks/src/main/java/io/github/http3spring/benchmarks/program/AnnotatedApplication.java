package io.github.http3spring.benchmarks.program;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application with an annotated controller.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@RestController
public class AnnotatedApplication {

	@GetMapping(Content.HELLO_PATH)
	String hello() {
		return Content.HELLO;
	}

	@GetMapping(Content.BYTES_PATH + "{size}")
	ResponseEntity<Flux<DataBuffer>> bytes(@PathVariable long size, ServerHttpResponse response) {
		return ResponseEntity.ok()
			.contentType(MediaType.APPLICATION_OCTET_STREAM)
			.contentLength(size)
			.body(ContentHandler.chunks(size, response.bufferFactory()));
	}

	@PostMapping(Content.COUNT_PATH)
	Mono<String> count(ServerHttpRequest request) {
		return ContentHandler.count(request.getBody()).map(String::valueOf);
	}

	/**
	 * Serve until the process is ended.
	 * @param args the port, the key store and properties
	 */
	public static void main(String[] args) {
		BenchmarkApplication.run(AnnotatedApplication.class, args);
	}

}
