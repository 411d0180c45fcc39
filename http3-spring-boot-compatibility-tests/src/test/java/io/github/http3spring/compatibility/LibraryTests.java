package io.github.http3spring.compatibility;

import java.util.List;

/**
 * Applications without Actuator.
 */
class LibraryTests extends AbstractLibraryTests {

	@Override
	List<String> dependencies() {
		return List.of(TestApplications.STARTER);
	}

}
