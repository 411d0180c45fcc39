package io.github.http3spring.actuate;

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ServerRuntime;
import org.jspecify.annotations.Nullable;

/**
 * What health and info show of the native library and the socket of a server.
 */
final class RuntimeDetails {

	private RuntimeDetails() {
	}

	/**
	 * Describe a server.
	 * @return a map without what is not known
	 */
	static Map<String, Object> of(Http3Server server) {
		Http3ServerRuntime runtime = server.getRuntime();
		Map<String, @Nullable Object> details = new LinkedHashMap<>();
		details.put("port", server.getPort());
		details.put("workers", runtime.workers());
		details.put("quicAvailable", runtime.quicAvailable());
		details.put("quicheVersion", runtime.quicheVersion());
		details.put("transport", runtime.transport());
		details.put("gso", runtime.gso());
		details.put("receiveBufferSize", runtime.receiveBufferSize());
		details.put("sendBufferSize", runtime.sendBufferSize());
		details.values().removeIf((value) -> value == null);
		return details;
	}

}
