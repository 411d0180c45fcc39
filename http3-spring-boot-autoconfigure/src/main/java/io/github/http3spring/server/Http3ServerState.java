package io.github.http3spring.server;

/**
 * What an {@link Http3Server} is doing.
 */
public enum Http3ServerState {

	/**
	 * No socket is bound.
	 */
	STOPPED,

	/**
	 * Connections and requests are accepted.
	 */
	RUNNING,

	/**
	 * New connections are refused, and open ones are being shut down.
	 */
	SHUTTING_DOWN

}
