package io.github.http3spring.shutdown;

/**
 * Ways in which a connection can end.
 */
public enum ConnectionOutcome {

	/**
	 * Every request ended and every response was acknowledged before CONNECTION_CLOSE.
	 */
	COMPLETED,

	/**
	 * Time ran out while a request was open or a response was not acknowledged.
	 */
	DEADLINE,

	/**
	 * The peer closed the connection, or broke the protocol so that it had to be closed.
	 */
	PEER_CLOSED,

	/**
	 * The peer fell silent for the idle timeout of the connection.
	 */
	IDLE_TIMEOUT,

	/**
	 * The peer fell silent during the shutdown while something waited for its
	 * acknowledgement.
	 */
	VANISHED,

	/**
	 * The connection was refused before its handshake was done, so that its client goes
	 * elsewhere.
	 */
	REFUSED,

	/**
	 * The connection ended before its handshake was done, or the time for that was over.
	 */
	HANDSHAKE_FAILED;

	/**
	 * Return whether the connection has ever been open.
	 * @return whether its handshake was done
	 */
	public boolean hasBeenOpen() {
		return this != REFUSED && this != HANDSHAKE_FAILED;
	}

}
