package io.github.http3spring.shutdown;

/**
 * Phases of the life of a connection, from its first packet until nothing is left of it.
 * None comes before one that is declared earlier, but for {@link #FLUSHING} and
 * {@link #COMPLETING}.
 */
public enum ConnectionState {

	/**
	 * The handshake is under way. Requests may be served already, as early data.
	 */
	HANDSHAKE,

	/**
	 * Requests are served; nothing about a shutdown has been said to the peer.
	 */
	OPEN,

	/**
	 * The peer was told that the connection is going away, and requests that are already
	 * on their way are still served.
	 */
	GOAWAY_SENT,

	/**
	 * The peer knows the last request that is served; that request and those before it
	 * are completed, later ones are rejected.
	 */
	COMPLETING,

	/**
	 * All requests have ended, but the peer has not acknowledged the final GOAWAY and
	 * every byte of the responses, or may not have read them.
	 */
	FLUSHING,

	/**
	 * CONNECTION_CLOSE was sent and is repeated to late packets for the closing period of
	 * RFC 9000 section 10.2.1.
	 */
	CLOSING,

	/**
	 * Nothing of the connection is left.
	 */
	CLOSED

}
