package io.github.http3spring.shutdown;

/**
 * Knows which requests of a connection were accepted and have not ended, and what is lost
 * with the connection. Confined to the thread of the connection.
 */
public final class RequestAccount {

	/**
	 * Distance between the identifiers of two request streams (RFC 9000 section 2.1).
	 */
	public static final int STREAM_ID_STEP = 4;

	private long nextStreamId;

	private long accepted;

	private long refused;

	private int open;

	private int completed;

	private int lostRequests;

	private int lostResponses;

	private int completedInVain;

	RequestAccount() {
	}

	void opened(long streamId) {
		this.accepted++;
		this.open++;
		this.nextStreamId = Math.max(this.nextStreamId, streamId + STREAM_ID_STEP);
	}

	/**
	 * Note that the request which was opened last is not served. It has arrived, and
	 * leaves no gap.
	 */
	void refused() {
		this.accepted--;
		this.open--;
		this.refused++;
	}

	void ended() {
		this.open--;
	}

	void completed() {
		this.completed++;
	}

	/**
	 * Account for what is lost with the connection: all that is open, and responses that
	 * the peer has not acknowledged.
	 */
	void lose(int responses) {
		this.lostRequests = this.open;
		this.lostResponses = responses;
		this.completedInVain = Math.min(this.completed, responses);
	}

	/**
	 * Begin anew: what has ended before counts neither as completed nor as lost from now
	 * on. A shutdown of the whole server does so before it comes to this connection.
	 */
	public void beginAnew() {
		this.completed = 0;
		this.lostRequests = 0;
		this.lostResponses = 0;
		this.completedInVain = 0;
	}

	/**
	 * Return the identifier after the highest accepted one: what the final GOAWAY
	 * carries.
	 * @return the identifier of a request stream
	 */
	public long nextStreamId() {
		return this.nextStreamId;
	}

	/**
	 * Return whether a request with a lower identifier than the highest has not arrived.
	 * Opening a stream opens all before it (RFC 9000 section 2.1), so packets of those
	 * were lost or delayed.
	 */
	boolean hasGaps() {
		return this.accepted + this.refused < this.nextStreamId / STREAM_ID_STEP;
	}

	/**
	 * Return the number of requests that were accepted in the life of the connection.
	 * @return the number of accepted requests
	 */
	public long accepted() {
		return this.accepted;
	}

	/**
	 * Return the number of requests that are being served.
	 * @return the number of open requests
	 */
	public int open() {
		return this.open;
	}

	/**
	 * Return the number of requests that were lost because of how the connection ended.
	 * @return the number of requests without a response and of responses that were not
	 * acknowledged
	 */
	public int lost() {
		return this.lostRequests + this.lostResponses;
	}

	/**
	 * Return the number of those lost requests whose responses were not acknowledged.
	 * @return the number of responses
	 */
	public int undelivered() {
		return this.lostResponses;
	}

	/**
	 * Return the number of those undelivered responses that were completed since the
	 * account has begun.
	 * @return the number of responses
	 */
	public int completedInVain() {
		return this.completedInVain;
	}

}
