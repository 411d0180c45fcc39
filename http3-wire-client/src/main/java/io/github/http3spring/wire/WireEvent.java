package io.github.http3spring.wire;

import org.jspecify.annotations.Nullable;

/**
 * One thing that happened on a connection, in the order in which the client saw it.
 *
 * @param type what happened
 * @param nanos when it happened, in nanoseconds since the connection was started
 * @param streamId the stream it happened to, -1 if it happened to the connection
 * @param value the GOAWAY id, response status or error code; -1 if there is none or the
 * QUIC library does not tell it
 * @param closeFrame the frame of a {@link Type#CONNECTION_CLOSE}
 * @param detail words for a log, may be empty
 */
public record WireEvent(Type type, long nanos, long streamId, long value, @Nullable CloseFrame closeFrame,
		String detail) {

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder("%,.3f ms %s".formatted(this.nanos / 1_000_000d, this.type));
		if (this.streamId >= 0) {
			text.append(" stream ").append(this.streamId);
		}
		if (this.value >= 0) {
			text.append(" ").append(this.value);
		}
		if (!this.detail.isEmpty()) {
			text.append(" ").append(this.detail);
		}
		return text.toString();
	}

	/**
	 * The kinds of event.
	 */
	public enum Type {

		/** Requests can be sent before the handshake is complete. */
		EARLY_DATA_READY,

		/** The TLS handshake is complete. */
		HANDSHAKE_DONE,

		/** The server's SETTINGS arrived. */
		SETTINGS,

		/** A GOAWAY of the server arrived; the value is its id. */
		GOAWAY,

		/** The client created a request stream; maybe nothing was sent on it yet. */
		STREAM_OPENED,

		/** A header section arrived; the value is the status, -1 for trailers. */
		HEADERS,

		/** The first byte of the content arrived. */
		DATA,

		/** The server ended its part of the stream. */
		FIN,

		/** The server reset its part of the stream; the value is the error code. */
		RESET_STREAM,

		/**
		 * The server wants no more of the request. The QUIC library tells it with the
		 * next write only, and without the code.
		 */
		STOP_SENDING,

		/** The server closed the connection; the value is the error code. */
		CONNECTION_CLOSE,

		/** The connection timed out without a word of the server. */
		IDLE_TIMEOUT,

		/** The client itself closed or abandoned the connection. */
		LOCAL_CLOSE,

		/** The client failed to make sense of what it got. */
		ERROR

	}

}
