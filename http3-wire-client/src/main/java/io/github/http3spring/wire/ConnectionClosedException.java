package io.github.http3spring.wire;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * Tells that a connection ended before what was waited for happened, and how it ended.
 */
public class ConnectionClosedException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final WireEvent.Type type;

	private final transient @Nullable CloseFrame closeFrame;

	ConnectionClosedException(WireEvent.Type type, @Nullable CloseFrame closeFrame, String message) {
		super(message);
		this.type = type;
		this.closeFrame = closeFrame;
	}

	/**
	 * Return how the connection ended.
	 * @return {@code CONNECTION_CLOSE}, {@code IDLE_TIMEOUT}, {@code LOCAL_CLOSE} or
	 * {@code ERROR}
	 */
	public WireEvent.Type type() {
		return this.type;
	}

	/**
	 * Return the CONNECTION_CLOSE frame of the peer.
	 * @return the frame, {@code null} if the peer sent none
	 */
	public @Nullable CloseFrame closeFrame() {
		return this.closeFrame;
	}

}
