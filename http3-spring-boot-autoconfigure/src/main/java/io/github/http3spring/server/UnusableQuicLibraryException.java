package io.github.http3spring.server;

import org.jspecify.annotations.Nullable;

/**
 * Thrown at start-up when HTTP/3 cannot be served because Netty's native QUIC library is
 * not there for this platform, or cannot be loaded.
 */
public class UnusableQuicLibraryException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String remedy;

	/**
	 * Create the exception.
	 * @param reason why the library cannot be used, without a full stop
	 * @param remedy what to do about it, in whole sentences
	 * @param cause what went wrong, {@code null} if loading the library was not tried
	 */
	public UnusableQuicLibraryException(String reason, String remedy, @Nullable Throwable cause) {
		super("HTTP/3 cannot use Netty's native QUIC library: " + reason, cause);
		this.remedy = remedy;
	}

	/**
	 * Return what to do about it.
	 * @return whole sentences
	 */
	public String getRemedy() {
		return this.remedy;
	}

}
