package io.github.http3spring.server;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.web.server.PortInUseException;

/**
 * Thrown at start-up when the UDP port of the HTTP/3 server is already in use. The TCP
 * port of the same number does not matter.
 */
public class UdpPortInUseException extends PortInUseException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create the exception.
	 * @param port the port
	 * @param cause what went wrong
	 */
	public UdpPortInUseException(int port, @Nullable Throwable cause) {
		super(port, cause);
	}

	@Override
	public String getMessage() {
		return "UDP port " + getPort() + " is already in use";
	}

}
