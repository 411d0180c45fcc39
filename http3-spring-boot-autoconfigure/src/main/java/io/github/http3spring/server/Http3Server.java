package io.github.http3spring.server;

import java.util.Optional;

import org.springframework.boot.web.server.WebServer;

/**
 * Serves HTTP/3 over QUIC and shuts down without losing a request.
 * <p>
 * {@link #start()} binds the UDP socket and fails with
 * {@link org.springframework.boot.web.server.PortInUseException} if the port is taken.
 * {@link #shutDownGracefully} returns at once and shuts every connection down by itself:
 * GOAWAY, requests run to their end, their responses are acknowledged, CONNECTION_CLOSE
 * (RFC 9114 section 5.2). {@link #stop()} closes what is left and then the UDP socket; it
 * blocks for the closing period, about a second at most. All methods can be called from
 * any thread but an event loop of the server.
 */
public interface Http3Server extends WebServer {

	/**
	 * Return what the server is doing. Costs one volatile read.
	 * @return the state
	 */
	Http3ServerState getState();

	/**
	 * Return what the last shutdown did to connections and requests.
	 * @return the verdict, empty as long as no shutdown has ended
	 */
	Optional<ShutdownVerdict> getShutdownVerdict();

	/**
	 * Return the UDP port that the server listens on.
	 * @return the port, or {@code -1} if the server is not running
	 */
	@Override
	int getPort();

}
