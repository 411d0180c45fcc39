package io.github.http3spring.netty.request;

import io.netty.incubator.codec.http3.Http3ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of a request, as {@link IncomingRequest} judges it. The owner of the
 * request acts on it.
 *
 * @param action what to do
 * @param error the error code that goes with it, {@code null} if there is none
 */
record Ruling(Action action, @Nullable Http3ErrorCode error) {

	/**
	 * The handlers that follow may see it.
	 */
	static final Ruling PASS = new Ruling(Action.PASS, null);

	/**
	 * The handlers that follow must not see it.
	 */
	static final Ruling DROP = new Ruling(Action.DROP, null);

	/**
	 * A header or trailer section is too large.
	 */
	static final Ruling REFUSE_FIELD_SECTION = new Ruling(Action.REFUSE_FIELD_SECTION, null);

	/**
	 * The end has come before the request was complete (RFC 9114 section 4.1).
	 */
	static final Ruling INCOMPLETE = new Ruling(Action.ABANDON, Http3ErrorCode.H3_REQUEST_INCOMPLETE);

	/**
	 * The end has come within a frame (RFC 9114 section 7.1).
	 */
	static final Ruling IN_FRAME = raise(Http3ErrorCode.H3_FRAME_ERROR);

	/**
	 * The client has taken too long.
	 */
	static final Ruling TIME_OUT = new Ruling(Action.TIME_OUT, Http3ErrorCode.H3_REQUEST_CANCELLED);

	/**
	 * The response was sent, and the client goes on sending.
	 */
	static final Ruling END = new Ruling(Action.END, null);

	/**
	 * Rule that the connection is to be closed.
	 */
	static Ruling raise(Http3ErrorCode error) {
		return new Ruling(Action.RAISE, error);
	}

	/**
	 * Rule that the request is to be cancelled.
	 */
	static Ruling cancel(Http3ErrorCode error) {
		return new Ruling(Action.CANCEL, error);
	}

	boolean passes() {
		return this.action == Action.PASS;
	}

	/**
	 * What an owner can do.
	 */
	enum Action {

		/**
		 * Go on.
		 */
		PASS,

		/**
		 * Go on without it.
		 */
		DROP,

		/**
		 * Refuse the request because of its header or trailer section.
		 */
		REFUSE_FIELD_SECTION,

		/**
		 * Refuse the request because time is over.
		 */
		TIME_OUT,

		/**
		 * Reset the request.
		 */
		CANCEL,

		/**
		 * Reset the request, which counts as given up by its client.
		 */
		ABANDON,

		/**
		 * End the request, whose response is complete.
		 */
		END,

		/**
		 * Close the connection.
		 */
		RAISE

	}

}
