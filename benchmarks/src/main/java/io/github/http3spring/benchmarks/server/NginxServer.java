package io.github.http3spring.benchmarks.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The nginx that is installed, if it has HTTP/3, which serves files.
 */
record NginxServer() implements FileServer {

	private static final String CONFIGURATION = """
			daemon off;
			master_process off;
			pid nginx.pid;
			error_log stderr;
			events {
				worker_connections 8192;
			}
			http {
				access_log off;
				default_type application/octet-stream;
				keepalive_requests 1000000000;
				server {
					listen 127.0.0.1:%d quic;
					ssl_certificate %s;
					ssl_certificate_key %s;
					quic_gso on;
					location = /hello {
						default_type text/plain;
						return 200 "Hello, World!";
					}
					location / {
						root %s;
					}
				}
			}
			""";

	@Override
	public String name() {
		return "nginx";
	}

	@Override
	public Optional<String> obstacle() {
		return Programs.output("nginx", "-V").filter((options) -> options.contains("http_v3_module")).isPresent()
				? Optional.empty() : Optional.of("not installed, or without HTTP/3 (Debian 12 has 1.22, which is)");
	}

	@Override
	public List<String> command(Site site) {
		Path configuration = configure(site, "nginx.conf", CONFIGURATION);
		return List.of("nginx", "-p", site.files().directory().toString(), "-c", configuration.toString());
	}

}
