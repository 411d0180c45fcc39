package io.github.http3spring.server;

/**
 * Thrown at start-up when HTTP/3 is asked for and no TLS is configured, which QUIC cannot
 * do without (RFC 9001).
 */
public class MissingTlsException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create the exception.
	 */
	public MissingTlsException() {
		super("HTTP/3 is enabled but no TLS is configured");
	}

}
