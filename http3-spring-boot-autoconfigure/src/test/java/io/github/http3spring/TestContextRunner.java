package io.github.http3spring;

import java.nio.file.Path;

import io.github.http3spring.autoconfigure.Http3ServerAutoConfiguration;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.web.reactive.HttpHandlerAutoConfiguration;
import org.springframework.boot.autoconfigure.web.reactive.ReactiveWebServerFactoryAutoConfiguration;
import org.springframework.boot.autoconfigure.web.reactive.WebFluxAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.web.context.ServerPortInfoApplicationContextInitializer;
import org.springframework.boot.web.reactive.context.AnnotationConfigReactiveWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Runners of small reactive applications whose servers really listen, on loopback and on
 * ports that are free.
 */
public final class TestContextRunner {

	private TestContextRunner() {
	}

	/**
	 * Return a runner of an application without TLS.
	 */
	public static ReactiveWebApplicationContextRunner withoutTls() {
		return new ReactiveWebApplicationContextRunner(AnnotationConfigReactiveWebServerApplicationContext::new)
			.withConfiguration(autoConfigurations())
			.withUserConfiguration(Routes.class)
			.withInitializer(new ServerPortInfoApplicationContextInitializer())
			.withPropertyValues("server.port=0", "server.address=127.0.0.1",
					"spring.reactor.netty.shutdown-quiet-period=0s")
			// What Linux grants unless it is told otherwise
			.withPropertyValues("http3.server.udp.receive-buffer-size=200KB",
					"http3.server.udp.send-buffer-size=200KB");
	}

	/**
	 * Return a runner of an application whose TLS comes from a key store.
	 */
	public static ReactiveWebApplicationContextRunner withTls(Path keyStore) {
		return withoutTls().withPropertyValues(tls(keyStore));
	}

	/**
	 * Return a builder of a whole application whose TLS comes from a key store.
	 */
	public static SpringApplicationBuilder application(Class<?> source, Path keyStore) {
		return application(source).properties(tls(keyStore));
	}

	/**
	 * Return a builder of a whole application without TLS. Logging stays as it is: Spring
	 * Boot would configure it anew for each application, and take the appenders of tests
	 * away.
	 */
	public static SpringApplicationBuilder application(Class<?> source) {
		System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
		return new SpringApplicationBuilder(source).web(WebApplicationType.REACTIVE)
			.properties("server.port=0", "server.address=127.0.0.1", "spring.reactor.netty.shutdown-quiet-period=0s",
					"spring.main.banner-mode=off", "spring.main.register-shutdown-hook=false");
	}

	/**
	 * Return the properties for TLS from a key store.
	 */
	public static String[] tls(Path keyStore) {
		return new String[] { "server.ssl.key-store=" + keyStore,
				"server.ssl.key-store-password=" + TestKeyStore.PASSWORD };
	}

	/**
	 * Return the auto-configurations that a server takes.
	 */
	public static AutoConfigurations autoConfigurations() {
		return AutoConfigurations.of(ReactiveWebServerFactoryAutoConfiguration.class,
				HttpHandlerAutoConfiguration.class, WebFluxAutoConfiguration.class, SslAutoConfiguration.class,
				LifecycleAutoConfiguration.class, Http3ServerAutoConfiguration.class);
	}

	/**
	 * What the applications answer.
	 */
	@Configuration(proxyBeanMethods = false)
	public static class Routes {

		@Bean
		RouterFunction<ServerResponse> routes() {
			return RouterFunctions.route().GET("/peer", Routes::peer).build();
		}

		/**
		 * Tell which address the request came from: another one for another connection.
		 */
		private static Mono<ServerResponse> peer(ServerRequest request) {
			return ServerResponse.ok().bodyValue(request.remoteAddress().map(Object::toString).orElse("unknown"));
		}

	}

}
