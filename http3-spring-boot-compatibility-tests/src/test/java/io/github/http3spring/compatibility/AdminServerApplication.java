package io.github.http3spring.compatibility;

import de.codecentric.boot.admin.server.config.EnableAdminServer;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The smallest application that is a Spring Boot Admin server.
 */
public class AdminServerApplication extends SmallApplication {

	public AdminServerApplication() {
		super(AdminServer.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAdminServer
	@Import(Application.class)
	public static class AdminServer {

	}

}
