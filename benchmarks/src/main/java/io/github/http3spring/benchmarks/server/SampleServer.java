package io.github.http3spring.benchmarks.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The sample application of one of the two lines, with all that it brings: to compare the
 * lines, or two builds of one.
 *
 * @param name what it is selected by
 * @param title what it is called in tables
 * @param jar the executable jar
 */
record SampleServer(String name, String title, Path jar) implements Server {

	@Override
	public Optional<String> obstacle() {
		return Files.exists(this.jar) ? Optional.empty() : Optional.of("not built (`mvn -DskipTests package`)");
	}

	@Override
	public List<String> command(Site site) {
		List<String> command = new ArrayList<>(JvmServer.java());
		command.addAll(List.of("-jar", this.jar.toAbsolutePath().toString(), "--server.address=127.0.0.1",
				"--server.port=" + site.port(), "--http3.server.workers=1",
				"--http3.server.quic.max-idle-timeout=60s"));
		return command;
	}

}
