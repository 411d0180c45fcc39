package io.github.http3spring.shutdown;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Knows how far one connection is in its life, from the handshake until it is closed, and
 * shuts it down so that no request is lost: two-phase GOAWAY, requests run to their end,
 * their responses are acknowledged, and only then CONNECTION_CLOSE (RFC 9114 sections 5.2
 * and 5.3).
 * <p>
 * Confined to the event loop of its connection; not thread-safe. Starting twice is a
 * no-op, and events that make no sense in a state are ignored.
 */
public final class ConnectionShutdown {

	/**
	 * Largest identifier that a client-initiated bidirectional stream can have. A GOAWAY
	 * that carries it announces the shutdown without refusing a request (RFC 9114 section
	 * 5.2).
	 */
	public static final long MAX_REQUEST_STREAM_ID = (1L << 62) - 4;

	/**
	 * Longest wait for a handshake that was under way when the shutdown started: within
	 * it, what was lost is sent again twice (RFC 9002 section 6.2.2). A client that has
	 * received nothing yet could not read a refusal.
	 */
	static final Duration HANDSHAKE_WAIT = Duration.ofSeconds(3);

	private final ConnectionPort port;

	private final ConnectionTiming timing;

	private final RequestAccount requests = new RequestAccount();

	private ConnectionState state = ConnectionState.HANDSHAKE;

	private @Nullable ConnectionOutcome outcome;

	/**
	 * Ends the wait that belongs to the state.
	 */
	private ConnectionTiming.@Nullable Timer timer;

	private @Nullable PeerWatch watch;

	private ConnectionTiming.@Nullable Timer deadline;

	private long deadlineAt;

	private long goAwayAt;

	private boolean waitForGaps;

	/**
	 * Create the life of a connection whose first packet has arrived.
	 * @param port the connection
	 * @param timing tells the time
	 */
	public ConnectionShutdown(ConnectionPort port, ConnectionTiming timing) {
		this.port = port;
		this.timing = timing;
	}

	/**
	 * Limit the time of the handshake.
	 * @param timeout time after which the connection is refused if its handshake is not
	 * done
	 */
	public void awaitHandshake(Duration timeout) {
		expireAfter(timeout);
	}

	/**
	 * Note that the handshake is done.
	 */
	public void established() {
		if (this.state == ConnectionState.HANDSHAKE) {
			cancelTimers();
			this.state = ConnectionState.OPEN;
		}
	}

	/**
	 * Decide about a request stream that the peer has opened.
	 * @param streamId the identifier of the stream
	 * @return whether the request is to be served; otherwise it has to be rejected with
	 * H3_REQUEST_REJECTED, and none of it may reach the application
	 */
	public boolean requestOpened(long streamId) {
		boolean promised = streamId < this.requests.nextStreamId()
				|| this.state.compareTo(ConnectionState.COMPLETING) < 0;
		if (!promised || isClosing()) {
			return false;
		}
		this.requests.opened(streamId);
		if (this.state == ConnectionState.FLUSHING) {
			// The final GOAWAY has promised this one: it fills a gap
			this.state = ConnectionState.COMPLETING;
		}
		return true;
	}

	/**
	 * Note that the request which was opened last is not served, because there are too
	 * many.
	 */
	public void requestRefused() {
		this.requests.refused();
		flushIfComplete();
	}

	/**
	 * Note that a request stream has closed. After all is decided that changes no account
	 * any more: the request is among the lost ones.
	 * @param successful whether the whole response was handed to the transport
	 */
	public void requestEnded(boolean successful) {
		this.requests.ended();
		if (isClosing()) {
			return;
		}
		if (successful) {
			this.requests.completed();
		}
		flushIfComplete();
	}

	/**
	 * Start the graceful shutdown. A handshake that is under way may be done first, so
	 * that the client hears of it, and this is to be called again then; not for long, the
	 * client may have vanished.
	 */
	public void start() {
		if (this.state == ConnectionState.HANDSHAKE && this.timer == null) {
			this.timer = this.timing.schedule(HANDSHAKE_WAIT, () -> refuse(ConnectionOutcome.REFUSED));
		}
		if (this.state != ConnectionState.OPEN) {
			return;
		}
		this.state = ConnectionState.GOAWAY_SENT;
		// Before the GOAWAY, which is the first packet that asks for an answer
		PeerWatch watch = new PeerWatch(this.port, this.timing, () -> cutOff(ConnectionOutcome.VANISHED));
		this.watch = watch;
		watch.start();
		this.port.sendGoAway(MAX_REQUEST_STREAM_ID);
		if (isClosing()) {
			// The connection turned out to be lost when something was sent on it
			return;
		}
		watch.ask();
		awaitRequests(Duration.ZERO);
		this.port.tellHandlers();
	}

	/**
	 * Start the graceful shutdown of this connection alone, unless its handshake is under
	 * way. A second call can only bring the deadline forward.
	 * @param gracePeriod time after which everything that is still open is cut off
	 * @return whether this call began the shutdown
	 */
	public boolean retire(Duration gracePeriod) {
		if (this.state == ConnectionState.HANDSHAKE || isClosing()) {
			return false;
		}
		boolean first = this.state == ConnectionState.OPEN;
		expireAfter(gracePeriod);
		start();
		return first;
	}

	private void expireAfter(Duration time) {
		long at = this.timing.nanoTime() + time.toNanos();
		if (this.deadline != null) {
			if (at - this.deadlineAt >= 0) {
				return;
			}
			this.deadline.cancel();
		}
		this.deadlineAt = at;
		this.deadline = this.timing.schedule(time, this::expire);
	}

	/**
	 * Leave time for requests that are on their way, and more for as long as some arrive.
	 */
	private void awaitRequests(Duration waited) {
		Duration delay = this.timing.goAwayDelay();
		long acceptedBefore = this.requests.accepted();
		this.timer = this.timing.schedule(delay, () -> {
			Duration total = waited.plus(delay);
			if (this.requests.accepted() > acceptedBefore && total.compareTo(this.timing.maxGoAwayDelay()) < 0) {
				awaitRequests(total);
			}
			else {
				goAwayDelayElapsed();
			}
		});
	}

	private void goAwayDelayElapsed() {
		this.state = ConnectionState.COMPLETING;
		this.goAwayAt = this.timing.nanoTime();
		this.port.sendGoAway(this.requests.nextStreamId());
		if (isClosing()) {
			return;
		}
		if (this.requests.hasGaps()) {
			// The GOAWAY promises requests that have not arrived yet
			this.waitForGaps = true;
			this.timer = this.timing.schedule(this.timing.goAwayDelay(), this::gapsExpired);
		}
		flushIfComplete();
	}

	private void gapsExpired() {
		this.waitForGaps = false;
		flushIfComplete();
	}

	private void flushIfComplete() {
		if (this.state != ConnectionState.COMPLETING || this.requests.open() > 0
				|| (this.waitForGaps && this.requests.hasGaps())) {
			return;
		}
		this.state = ConnectionState.FLUSHING;
		this.port.awaitDelivery();
	}

	/**
	 * Note that nothing can be lost any more.
	 */
	public void delivered() {
		if (this.state == ConnectionState.FLUSHING) {
			close(ConnectionOutcome.COMPLETED);
		}
	}

	/**
	 * Close now: cancel what is open, and send the final GOAWAY together with
	 * CONNECTION_CLOSE, so that the peer knows which requests are safe to retry (RFC 9114
	 * section 5.3). A handshake that is not done has failed.
	 */
	public void expire() {
		if (this.state == ConnectionState.HANDSHAKE) {
			refuse(ConnectionOutcome.HANDSHAKE_FAILED);
		}
		else {
			cutOff(ConnectionOutcome.DEADLINE);
		}
	}

	private void cutOff(ConnectionOutcome reason) {
		if (isClosing()) {
			return;
		}
		boolean goAwayIsFinal = this.state.compareTo(ConnectionState.COMPLETING) >= 0;
		// Set first: cancelling ends the requests, which comes back as events
		this.state = ConnectionState.CLOSING;
		lose(this.port.undelivered());
		this.port.cancelRequests();
		if (!goAwayIsFinal) {
			this.port.sendGoAway(this.requests.nextStreamId());
		}
		close((this.requests.lost() == 0) ? ConnectionOutcome.COMPLETED : reason);
	}

	/**
	 * Give up a handshake. There is nothing that the close has to wait for, and nobody
	 * who waits for the closing period.
	 */
	private void refuse(ConnectionOutcome reason) {
		this.state = ConnectionState.CLOSED;
		lose(this.port.undelivered());
		if (this.requests.lost() > 0) {
			// Early data
			this.port.cancelRequests();
		}
		this.port.refuse();
		closed(reason);
	}

	/**
	 * Account for what is lost with the connection.
	 */
	private void lose(int responses) {
		this.requests.lose(responses);
		this.port.requestsLost(this.requests.open(), responses);
	}

	private void close(ConnectionOutcome outcome) {
		cancelTimers();
		this.state = ConnectionState.CLOSING;
		this.outcome = outcome;
		this.port.close(outcome);
	}

	/**
	 * Note that the closing period after CONNECTION_CLOSE is over, or that nobody waits
	 * for it.
	 */
	public void closingPeriodEnded() {
		if (this.state == ConnectionState.CLOSING && this.outcome != null) {
			closed(this.outcome);
		}
	}

	/**
	 * Note that the connection ended without our doing.
	 * @param reason the reason, if the handshake was done
	 */
	public void lost(ConnectionOutcome reason) {
		if (isClosing()) {
			return;
		}
		boolean open = this.state != ConnectionState.HANDSHAKE;
		this.state = ConnectionState.CLOSED;
		// A peer that closes knows what it has got, and need not acknowledge it
		lose((reason != ConnectionOutcome.PEER_CLOSED) ? this.port.undelivered() : 0);
		closed(open ? reason : ConnectionOutcome.HANDSHAKE_FAILED);
	}

	private void closed(ConnectionOutcome outcome) {
		cancelTimers();
		this.state = ConnectionState.CLOSED;
		this.outcome = outcome;
		this.port.closed(outcome);
	}

	/**
	 * Return whether it is decided what becomes of all requests.
	 * @return whether the connection is in {@link ConnectionState#CLOSING} or
	 * {@link ConnectionState#CLOSED}
	 */
	public boolean isClosing() {
		return this.state.compareTo(ConnectionState.CLOSING) >= 0;
	}

	private void cancelTimers() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
		if (this.watch != null) {
			this.watch.cancel();
			this.watch = null;
		}
		if (this.deadline != null) {
			this.deadline.cancel();
			this.deadline = null;
		}
	}

	/**
	 * Return the state.
	 * @return the state
	 */
	public ConnectionState state() {
		return this.state;
	}

	/**
	 * Return how the connection ended.
	 * @return the outcome, {@code null} before CONNECTION_CLOSE
	 */
	public @Nullable ConnectionOutcome outcome() {
		return this.outcome;
	}

	/**
	 * Return whether the shutdown has begun.
	 * @return whether the connection has left {@link ConnectionState#OPEN}
	 */
	public boolean isShuttingDown() {
		return this.state.compareTo(ConnectionState.OPEN) > 0;
	}

	/**
	 * Return how long ago the final GOAWAY was sent.
	 * @return the time, meaningless before {@link ConnectionState#COMPLETING}
	 */
	public Duration sinceGoAway() {
		return Duration.ofNanos(this.timing.nanoTime() - this.goAwayAt);
	}

	/**
	 * Return the requests of the connection.
	 * @return the account of its requests
	 */
	public RequestAccount requests() {
		return this.requests;
	}

}
