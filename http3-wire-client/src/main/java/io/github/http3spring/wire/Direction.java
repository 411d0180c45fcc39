package io.github.http3spring.wire;

/**
 * The directions of a proxy.
 */
public enum Direction {

	/** From clients to the server. */
	TO_SERVER,

	/** From the server to clients. */
	TO_CLIENT

}
