package io.github.http3spring.shutdown;

/**
 * Actions that {@link ConnectionShutdown} takes on its connection. All methods are called
 * on the thread that the connection is confined to, and none blocks.
 */
public interface ConnectionPort {

	/**
	 * Write a GOAWAY frame to the control stream and let it leave at once.
	 * @param streamId the identifier that the frame carries (RFC 9114 section 7.2.6)
	 */
	void sendGoAway(long streamId);

	/**
	 * Tell the handlers of open requests that the shutdown has begun, so that those of
	 * long-lived responses can end them.
	 */
	void tellHandlers();

	/**
	 * Reset all request streams whose responses have not reached the peer with
	 * H3_REQUEST_CANCELLED, and cancel the handlers of those that are still open.
	 */
	void cancelRequests();

	/**
	 * Return how many requests have ended whose responses the peer has not yet
	 * acknowledged to the last byte.
	 * @return the number of responses that are still on their way
	 */
	int undelivered();

	/**
	 * Note what is lost because of how the connection ends, before
	 * {@link #cancelRequests()} and {@link #closed(ConnectionOutcome)}.
	 * @param requests the number of requests that are open
	 * @param responses the number of responses that the peer has not acknowledged
	 */
	void requestsLost(int requests, int responses);

	/**
	 * Call {@link ConnectionShutdown#delivered()} when the peer has acknowledged the
	 * final GOAWAY and all responses, and has had time to read them: requests that it has
	 * sent before it knew, and what it has not read, are lost with CONNECTION_CLOSE.
	 */
	void awaitDelivery();

	/**
	 * Send CONNECTION_CLOSE with H3_NO_ERROR, and call
	 * {@link ConnectionShutdown#closingPeriodEnded()} after the closing period.
	 * @param outcome how the connection ends
	 */
	void close(ConnectionOutcome outcome);

	/**
	 * Send CONNECTION_CLOSE with CONNECTION_REFUSED (RFC 9000 section 5.2.2): the
	 * handshake is not done.
	 */
	void refuse();

	/**
	 * Send something that the peer has to acknowledge and that has no other meaning (RFC
	 * 9000 section 10.1.2).
	 */
	void keepAlive();

	/**
	 * Called once when the connection has reached {@link ConnectionState#CLOSED}.
	 * @param outcome how the connection has ended
	 */
	void closed(ConnectionOutcome outcome);

}
