package io.github.http3spring.autoconfigure;

import java.util.Optional;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.web.context.WebServerApplicationContext;
import org.springframework.boot.web.reactive.context.ReactiveWebApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * What HTTP/3 takes, looked at in the application as it starts.
 */
final class Prerequisites {

	/**
	 * Class of Netty's HTTP/3 codec.
	 */
	static final String HTTP3_CODEC = "io.netty.incubator.codec.http3.Http3";

	/**
	 * Class of Netty's QUIC codec.
	 */
	static final String QUIC_CODEC = "io.netty.incubator.codec.quic.QuicChannel";

	/**
	 * Class of Reactor Netty.
	 */
	static final String REACTOR_NETTY = "reactor.netty.http.server.HttpServer";

	private final ApplicationContext applicationContext;

	Prerequisites(ApplicationContext applicationContext) {
		this.applicationContext = applicationContext;
	}

	/**
	 * Find the first that is not met.
	 * @param ownServer whether the application brings its own HTTP/3 server, which gets
	 * its TLS from elsewhere
	 * @return what follows from it, empty if all are met
	 */
	Optional<Unserved> unmet(boolean ownServer) {
		Environment environment = this.applicationContext.getEnvironment();
		if (!OnEnabledCondition.matches(environment)) {
			return Optional.of(new Unserved(LogLevel.DEBUG, "'http3.server.enabled' is false"));
		}
		return unmetByApplication().or(() -> unmetByClassPath())
			.or(() -> (ownServer || OnTlsCondition.matches(environment)) ? Optional.empty()
					: Optional.of(missingTls(environment)));
	}

	private Optional<Unserved> unmetByApplication() {
		boolean startsServers = this.applicationContext instanceof WebServerApplicationContext;
		if (!(this.applicationContext instanceof ReactiveWebApplicationContext)) {
			return Optional.of(new Unserved(startsServers ? LogLevel.WARN : LogLevel.INFO,
					"this is not a reactive web application: build it with WebFlux, and where Spring MVC is on the class "
							+ "path too, set 'spring.main.web-application-type' to 'reactive'"));
		}
		return startsServers ? Optional.empty()
				: Optional.of(new Unserved(LogLevel.INFO,
						"this application context starts no servers: a test that needs them asks for "
								+ "WebEnvironment.RANDOM_PORT"));
	}

	private Optional<Unserved> unmetByClassPath() {
		if (isMissing(REACTOR_NETTY)) {
			return Optional.of(missing("Reactor Netty", "org.springframework.boot:spring-boot-starter-reactor-netty"));
		}
		if (isMissing(HTTP3_CODEC)) {
			return Optional.of(missing("Netty's HTTP/3 codec", "io.netty.incubator:netty-incubator-codec-http3"));
		}
		return isMissing(QUIC_CODEC)
				? Optional.of(missing("Netty's QUIC codec", "io.netty.incubator:netty-incubator-codec-classes-quic"))
				: Optional.empty();
	}

	private boolean isMissing(String className) {
		return !ClassUtils.isPresent(className, this.applicationContext.getClassLoader());
	}

	private static Unserved missing(String what, String dependency) {
		return new Unserved(LogLevel.WARN, what + " is not on the class path: add the dependency '" + dependency
				+ "', which '" + Starter.THIS + "' brings");
	}

	private static Unserved missingTls(Environment environment) {
		boolean wanted = Binder.get(environment).bind("http3.server.enabled", Boolean.class).orElse(false);
		return new Unserved(LogLevel.WARN,
				"TLS is not configured: set 'server.ssl.bundle', or 'http3.server.ssl.bundle' for HTTP/3 alone, or "
						+ "'http3.server.ssl.development-certificate' to true where you develop",
				wanted);
	}

}
