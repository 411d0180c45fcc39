package io.github.http3spring.netty.connection;

import java.util.ArrayList;
import java.util.List;

import io.github.http3spring.server.OpenRequestSnapshot;
import io.github.http3spring.server.ShutdownVerdict;

/**
 * Remembers the requests that the end of their connection has cut off, as many as a
 * verdict describes. Confined to the event loop of the connection.
 */
final class LostRequests {

	private List<OpenRequestSnapshot> requests = List.of();

	void add(OpenRequestSnapshot request) {
		if (this.requests.isEmpty()) {
			this.requests = new ArrayList<>();
		}
		if (this.requests.size() < ShutdownVerdict.MAX_STUCK_REQUESTS) {
			this.requests.add(request);
		}
	}

	List<OpenRequestSnapshot> list() {
		return this.requests;
	}

}
