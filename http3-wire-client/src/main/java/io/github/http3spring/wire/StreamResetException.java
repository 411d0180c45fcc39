package io.github.http3spring.wire;

import java.io.Serial;

/**
 * Tells that the server ended its part of a stream with RESET_STREAM.
 */
public class StreamResetException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final long streamId;

	private final long code;

	StreamResetException(long streamId, long code) {
		super("Stream %d was reset with 0x%x".formatted(streamId, code));
		this.streamId = streamId;
		this.code = code;
	}

	/**
	 * Return the id of the stream.
	 * @return the stream id
	 */
	public long streamId() {
		return this.streamId;
	}

	/**
	 * Return the error code of the RESET_STREAM frame.
	 * @return the application error code
	 */
	public long code() {
		return this.code;
	}

}
