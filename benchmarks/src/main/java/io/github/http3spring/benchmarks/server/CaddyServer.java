package io.github.http3spring.benchmarks.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Caddy as Debian has it, which serves files.
 */
record CaddyServer() implements FileServer {

	private static final String CONFIGURATION = """
			{
				admin off
				auto_https off
				default_sni localhost
				servers {
					protocols h1 h2 h3
				}
			}
			https://localhost:%1$d, https://127.0.0.1:%1$d {
				bind 127.0.0.1
				tls %2$s %3$s
				handle /hello {
					header Content-Type text/plain
					respond "Hello, World!"
				}
				handle {
					root * %4$s
					file_server
				}
			}
			""";

	@Override
	public String name() {
		return "caddy";
	}

	@Override
	public Optional<String> obstacle() {
		return Programs.isInstalled("caddy") ? Optional.empty()
				: Optional.of("not installed (Debian: `apt-get install caddy`)");
	}

	@Override
	public List<String> command(Site site) {
		Path configuration = configure(site, "Caddyfile", CONFIGURATION);
		return List.of("caddy", "run", "--adapter", "caddyfile", "--config", configuration.toString());
	}

}
