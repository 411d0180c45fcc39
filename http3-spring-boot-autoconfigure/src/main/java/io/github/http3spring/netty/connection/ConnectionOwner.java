package io.github.http3spring.netty.connection;

/**
 * What a connection needs of its server, and tells it. Confined to the event loop of the
 * connection.
 */
public interface ConnectionOwner extends ServerContext {

	/**
	 * Note that the connection's handshake is done, or the connection has ended before.
	 */
	void handshakeEnded();

	/**
	 * Note that nothing is left of the connection.
	 */
	void ended(Http3Connection connection);

}
