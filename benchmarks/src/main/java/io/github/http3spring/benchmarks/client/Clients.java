package io.github.http3spring.benchmarks.client;

import io.github.http3spring.benchmarks.server.ServerProcess;

/**
 * Creates the client that speaks a server's protocol.
 */
public final class Clients {

	private Clients() {
	}

	/**
	 * Create a client whose connections have a socket each.
	 * @param server the server
	 * @return the client
	 */
	public static Client create(ServerProcess server) {
		return switch (server.server().protocol()) {
			case HTTP3 -> new Http3Client(server.port(), true);
			case HTTP2 -> throw new UnsupportedOperationException();
		};
	}

}
