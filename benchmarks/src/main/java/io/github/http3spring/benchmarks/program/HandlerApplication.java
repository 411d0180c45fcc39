package io.github.http3spring.benchmarks.program;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.http.server.reactive.HttpHandler;

/**
 * An application whose only bean is an {@link HttpHandler}.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class HandlerApplication {

	@Bean
	HttpHandler httpHandler() {
		return new ContentHandler();
	}

	/**
	 * Serve until the process is ended.
	 * @param args the port, the key store and properties
	 */
	public static void main(String[] args) {
		BenchmarkApplication.run(HandlerApplication.class, args);
	}

}
