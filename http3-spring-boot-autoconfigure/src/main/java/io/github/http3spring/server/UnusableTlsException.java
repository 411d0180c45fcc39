package io.github.http3spring.server;

/**
 * Thrown at start-up when HTTP/3 cannot be served with the TLS that is configured: no
 * handshake could succeed.
 */
public class UnusableTlsException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create the exception.
	 * @param tls what is configured, such as "SSL bundle 'web'"
	 * @param reason why it cannot be used, without a full stop
	 * @param cause what went wrong
	 */
	public UnusableTlsException(String tls, String reason, Throwable cause) {
		super("HTTP/3 cannot use " + tls + ": " + reason, cause);
	}

}
