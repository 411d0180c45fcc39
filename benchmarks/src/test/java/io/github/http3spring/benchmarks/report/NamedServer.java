package io.github.http3spring.benchmarks.report;

import java.util.List;

import io.github.http3spring.benchmarks.server.Server;
import io.github.http3spring.benchmarks.server.Site;

/**
 * A server that is never started.
 *
 * @param name its name, and its title
 */
record NamedServer(String name) implements Server {

	@Override
	public String title() {
		return this.name;
	}

	@Override
	public List<String> command(Site site) {
		return List.of();
	}

}
