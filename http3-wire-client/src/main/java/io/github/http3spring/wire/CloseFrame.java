package io.github.http3spring.wire;

/**
 * A CONNECTION_CLOSE frame as the peer sent it (RFC 9000 section 19.19).
 *
 * @param application whether it is of type 0x1d, with an error code of the application
 * protocol, and not of type 0x1c, with an error code of the transport
 * @param errorCode the error code
 * @param reason the reason phrase, empty if there was none
 */
public record CloseFrame(boolean application, long errorCode, String reason) {

	@Override
	public String toString() {
		return "CONNECTION_CLOSE[%s 0x%x '%s']".formatted(this.application ? "application" : "transport",
				this.errorCode, this.reason);
	}

}
