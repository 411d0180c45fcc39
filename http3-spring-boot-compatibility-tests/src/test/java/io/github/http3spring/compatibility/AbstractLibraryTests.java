package io.github.http3spring.compatibility;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The smallest application with the starter and one more library serves over TCP and over
 * HTTP/3.
 */
@Timeout(120)
abstract class AbstractLibraryTests {

	@RegisterExtension
	static final TestApplications applications = new TestApplications();

	/**
	 * Return what an application depends on besides the library.
	 */
	abstract List<String> dependencies();

	@ParameterizedTest
	@EnumSource
	void applicationServesOverTcpAndHttp3(Library library) throws Exception {
		List<String> artifacts = new ArrayList<>(dependencies());
		artifacts.addAll(library.artifacts);
		try (IsolatedApplication application = applications.start(artifacts, List.of(), library.launcher,
				library.arguments)) {
			assertThat(application.tcp(library.path)).startsWith(library.answer);
			assertThat(application.http3(library.path)).startsWith(library.answer);
			assertThat(applications.linesAboutHttp3()).filteredOn((line) -> line.contains("is not served")).isEmpty();
			assertThat(applications.linesAboutHttp3()).filteredOn((line) -> line.contains("HTTP/3 started on UDP port"))
				.hasSize(1);
		}
	}

	/**
	 * The libraries, and what an application of each answers.
	 */
	enum Library {

		GATEWAY("org.springframework.cloud:spring-cloud-starter-gateway-server-webflux"),

		SECURITY(SmallApplication.class, "/hello", "401 ", "org.springframework.boot:spring-boot-starter-security"),

		SESSION("org.springframework.session:spring-session-data-redis",
				"org.springframework.boot:spring-boot-starter-data-redis-reactive"),

		GRAPHQL("org.springframework.boot:spring-boot-starter-graphql"),

		RSOCKET(List.of("--spring.rsocket.server.transport=websocket", "--spring.rsocket.server.mapping-path=/rsocket"),
				"io.rsocket:rsocket-core", "io.rsocket:rsocket-transport-netty",
				"org.springframework:spring-messaging"),

		ADMIN_SERVER(AdminServerApplication.class, "/applications", "200 ",
				"de.codecentric:spring-boot-admin-starter-server"),

		SPRINGDOC(SmallApplication.class, "/v3/api-docs", "200 {\"openapi\"",
				"org.springdoc:springdoc-openapi-starter-webflux-ui"),

		RESILIENCE4J("org.springframework.cloud:spring-cloud-starter-circuitbreaker-reactor-resilience4j"),

		TRACING("io.micrometer:micrometer-tracing-bridge-brave"),

		REDIS("org.springframework.boot:spring-boot-starter-data-redis-reactive"),

		R2DBC("org.springframework:spring-r2dbc", "io.r2dbc:r2dbc-h2");

		private final Class<?> launcher;

		private final String path;

		private final String answer;

		private final List<String> artifacts;

		private final List<String> arguments;

		Library(String... artifacts) {
			this(SmallApplication.class, "/hello", "200 hello", List.of(), artifacts);
		}

		Library(List<String> arguments, String... artifacts) {
			this(SmallApplication.class, "/hello", "200 hello", arguments, artifacts);
		}

		Library(Class<?> launcher, String path, String answer, String... artifacts) {
			this(launcher, path, answer, List.of(), artifacts);
		}

		Library(Class<?> launcher, String path, String answer, List<String> arguments, String... artifacts) {
			this.launcher = launcher;
			this.path = path;
			this.answer = answer;
			this.arguments = arguments;
			this.artifacts = List.of(artifacts);
		}

	}

}
