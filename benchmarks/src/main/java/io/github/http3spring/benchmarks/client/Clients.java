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
		return create(server, true);
	}

	/**
	 * Create a client whose connections share a socket, if they can.
	 * @param server the server
	 * @return the client
	 */
	public static Client createSharing(ServerProcess server) {
		return create(server, false);
	}

	private static Client create(ServerProcess server, boolean socketEach) {
		return switch (server.server().protocol()) {
			case HTTP3 -> Http3Client.create(server.port(), socketEach);
			case HTTP2 -> new Http2Client(server.port());
		};
	}

}
