package io.github.http3spring.actuate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ServerRuntime;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * Adds port, native library, kind of socket and number of event loops to the endpoint
 * {@code info}.
 */
public class Http3InfoContributor implements InfoContributor {

	private final Supplier<Http3Server> server;

	/**
	 * Create the contributor.
	 * @param server the server; asked for late, because it needs the handler that shows
	 * the information
	 */
	public Http3InfoContributor(Supplier<Http3Server> server) {
		this.server = server;
	}

	@Override
	public void contribute(Info.Builder builder) {
		Http3Server server = this.server.get();
		Http3ServerRuntime runtime = server.getRuntime();
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("port", server.getPort());
		details.put("workers", runtime.workers());
		details.put("quicAvailable", runtime.quicAvailable());
		if (runtime.quicheVersion() != null) {
			details.put("quicheVersion", runtime.quicheVersion());
		}
		if (runtime.transport() != null) {
			details.put("transport", runtime.transport());
		}
		builder.withDetail("http3", details);
	}

}
