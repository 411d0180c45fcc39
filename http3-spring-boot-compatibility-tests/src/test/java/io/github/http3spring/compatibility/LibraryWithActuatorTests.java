package io.github.http3spring.compatibility;

import java.util.List;

/**
 * Applications with Actuator, whose auto-configurations most libraries order too.
 */
class LibraryWithActuatorTests extends AbstractLibraryTests {

	@Override
	List<String> dependencies() {
		return List.of(TestApplications.STARTER, "org.springframework.boot:spring-boot-starter-actuator");
	}

}
