package io.github.http3spring.compatibility;

import java.util.List;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications whose class path has no place for HTTP/3 serve over TCP, and one line of
 * their log says why that is all.
 */
@Timeout(120)
class UnservedApplicationTests {

	private static final String BOOT = "org.springframework.boot:spring-boot-starter-";

	@RegisterExtension
	static final TestApplications applications = new TestApplications();

	@ParameterizedTest
	@ValueSource(strings = { "", "--http3.server.enabled=true" })
	void servletApplicationSaysThatItIsNotReactive(String argument) throws Exception {
		// Tomcat cannot be started twice in a JVM with class paths of their own
		List<String> artifacts = List.of(TestApplications.STARTER, BOOT + "web", BOOT + "jetty");
		assertThat(unserved(artifacts, List.of(BOOT + "tomcat"), argument)).isEqualTo(
				"WARN HTTP/3 is not served because this is not a reactive web application: build it with WebFlux, and "
						+ "where Spring MVC is on the class path too, set 'spring.main.web-application-type' to "
						+ "'reactive'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "tomcat", "jetty", "undertow" })
	void applicationOnAnotherServerSaysThatReactorNettyIsMissing(String server) throws Exception {
		assertThat(unserved(List.of(TestApplications.STARTER, BOOT + server),
				List.of(BOOT + "reactor-netty", "io.projectreactor.netty:reactor-netty-http"), ""))
			.isEqualTo("WARN HTTP/3 is not served because Reactor Netty is not on the class path: add the dependency "
					+ "'org.springframework.boot:spring-boot-starter-reactor-netty', which "
					+ "'http3-spring-boot-starter' brings");
	}

	private static String unserved(List<String> artifacts, List<String> without, String argument) throws Exception {
		List<String> arguments = argument.isEmpty() ? List.of() : List.of(argument);
		try (IsolatedApplication application = applications.start(artifacts, without, SmallApplication.class,
				arguments)) {
			assertThat(application.tcp("/hello")).isEqualTo("200 hello");
		}
		assertThat(applications.linesAboutHttp3()).hasSize(1);
		return applications.linesAboutHttp3().get(0);
	}

}
