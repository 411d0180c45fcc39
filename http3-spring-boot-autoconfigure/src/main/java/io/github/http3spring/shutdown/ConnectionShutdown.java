package io.github.http3spring.shutdown;

import java.time.Duration;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Shuts one connection down so that no request is lost: two-phase GOAWAY, requests run to
 * their end, their responses are acknowledged, and only then CONNECTION_CLOSE (RFC 9114
 * sections 5.2 and 5.3).
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
	 * Distance between the identifiers of two request streams (RFC 9000 section 2.1).
	 */
	private static final int STREAM_ID_STEP = 4;

	/**
	 * Longest time between two looks at whether the peer is still there.
	 */
	static final Duration WATCH_INTERVAL = Duration.ofMillis(500);

	/**
	 * How many times within an idle timeout the peer is looked at, at least.
	 */
	private static final int LOOKS_PER_IDLE_TIMEOUT = 6;

	private final ConnectionPort port;

	private ConnectionState state = ConnectionState.OPEN;

	private @Nullable ConnectionOutcome outcome;

	private ConnectionPort.@Nullable Timer timer;

	private ConnectionPort.@Nullable Timer watch;

	private boolean established;

	private boolean waitForGaps;

	/**
	 * Identifier after the highest accepted one: what the final GOAWAY carries.
	 */
	private long nextStreamId;

	private long accepted;

	private int open;

	private int completed;

	private int rejected;

	private int cancelled;

	private int lost;

	/**
	 * Create the shutdown of a connection that is open and has seen no request.
	 * @param port the connection
	 */
	public ConnectionShutdown(ConnectionPort port) {
		this.port = port;
	}

	/**
	 * Note that the handshake has come to its end.
	 */
	public void established() {
		this.established = true;
	}

	/**
	 * Decide about a request stream that the peer has opened.
	 * @param streamId the identifier of the stream
	 * @return whether the request is to be served; otherwise it has to be rejected with
	 * H3_REQUEST_REJECTED, and none of it may reach the application
	 */
	public boolean requestOpened(long streamId) {
		if (this.state.compareTo(ConnectionState.COMPLETING) >= 0 && streamId >= this.nextStreamId) {
			this.rejected++;
			return false;
		}
		this.accepted++;
		this.open++;
		this.nextStreamId = Math.max(this.nextStreamId, streamId + STREAM_ID_STEP);
		if (this.state == ConnectionState.FLUSHING) {
			// The final GOAWAY has promised this one: it fills a gap
			this.state = ConnectionState.COMPLETING;
		}
		return true;
	}

	/**
	 * Note that a request stream has closed.
	 * @param successful whether the whole response was handed to the transport
	 */
	public void requestEnded(boolean successful) {
		this.open--;
		if (this.state.compareTo(ConnectionState.CLOSING) >= 0) {
			return;
		}
		if (successful) {
			this.completed++;
		}
		else {
			this.cancelled++;
		}
		flushIfComplete();
	}

	/**
	 * Count the requests that end from now on, and only those: they are what a shutdown
	 * of the whole server has to account for, also before it comes to this connection.
	 */
	public void countAnew() {
		this.completed = 0;
		this.rejected = 0;
		this.cancelled = 0;
		this.lost = 0;
	}

	/**
	 * Start the graceful shutdown.
	 */
	public void start() {
		if (this.state != ConnectionState.OPEN) {
			return;
		}
		this.state = ConnectionState.GOAWAY_SENT;
		// Before the GOAWAY, which is the first packet that asks for an answer
		PeerSilence silence = new PeerSilence(this.port.activity());
		watch(silence);
		this.port.sendGoAway(MAX_REQUEST_STREAM_ID);
		awaitRequests(Duration.ZERO);
	}

	/**
	 * Keep a peer that has vanished from holding the shutdown, and the idle timeout from
	 * ending a connection whose requests take long.
	 */
	private void watch(PeerSilence silence) {
		Optional<Duration> idleTimeout = this.port.idleTimeout();
		Duration interval = idleTimeout.map((timeout) -> timeout.dividedBy(LOOKS_PER_IDLE_TIMEOUT))
			.filter((part) -> part.compareTo(WATCH_INTERVAL) < 0)
			.orElse(WATCH_INTERVAL);
		this.watch = this.port.schedule(interval, () -> {
			silence.look(this.port.activity(), interval);
			if (silence.isVanished()) {
				cutOff(ConnectionOutcome.VANISHED);
				return;
			}
			if (idleTimeout.filter(silence::endsWith).isPresent()) {
				this.port.keepAlive();
			}
			watch(silence);
		});
	}

	/**
	 * Leave time for requests that are on their way, and more for as long as some arrive.
	 */
	private void awaitRequests(Duration waited) {
		Duration delay = this.port.goAwayDelay();
		long acceptedBefore = this.accepted;
		this.timer = this.port.schedule(delay, () -> {
			Duration total = waited.plus(delay);
			if (this.accepted > acceptedBefore && total.compareTo(this.port.maxGoAwayDelay()) < 0) {
				awaitRequests(total);
			}
			else {
				goAwayDelayElapsed();
			}
		});
	}

	private void goAwayDelayElapsed() {
		this.state = ConnectionState.COMPLETING;
		this.port.sendGoAway(this.nextStreamId);
		if (hasGaps()) {
			this.waitForGaps = true;
			this.timer = this.port.schedule(this.port.goAwayDelay(), this::gapsExpired);
		}
		flushIfComplete();
	}

	/**
	 * Return whether the final GOAWAY promises requests that have not arrived yet.
	 * Opening a stream opens all before it (RFC 9000 section 2.1), so packets of those
	 * were lost or delayed.
	 */
	private boolean hasGaps() {
		return this.accepted < this.nextStreamId / STREAM_ID_STEP;
	}

	private void gapsExpired() {
		this.waitForGaps = false;
		flushIfComplete();
	}

	private void flushIfComplete() {
		if (this.state != ConnectionState.COMPLETING || this.open > 0 || (this.waitForGaps && hasGaps())) {
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
	 * section 5.3).
	 */
	public void expire() {
		cutOff(ConnectionOutcome.DEADLINE);
	}

	private void cutOff(ConnectionOutcome reason) {
		if (this.state.compareTo(ConnectionState.CLOSING) >= 0) {
			return;
		}
		lose(this.open, this.port.undelivered());
		boolean goAwayIsFinal = this.state.compareTo(ConnectionState.COMPLETING) >= 0;
		// Set first: cancelling ends the requests, which comes back as events
		this.state = ConnectionState.CLOSING;
		this.port.cancelRequests();
		if (!goAwayIsFinal) {
			this.port.sendGoAway(this.nextStreamId);
		}
		close((this.lost == 0) ? ConnectionOutcome.COMPLETED : reason);
	}

	/**
	 * Count what comes to no good end because the connection does not.
	 */
	private void lose(int requests, int responses) {
		this.completed = Math.max(0, this.completed - responses);
		this.cancelled += requests + responses;
		this.lost += requests + responses;
	}

	private void close(ConnectionOutcome outcome) {
		cancelTimers();
		this.state = ConnectionState.CLOSING;
		this.outcome = this.established ? outcome : ConnectionOutcome.REFUSED;
		this.port.close();
	}

	/**
	 * Note that the closing period after CONNECTION_CLOSE is over.
	 */
	public void closingPeriodEnded() {
		if (this.state == ConnectionState.CLOSING) {
			this.state = ConnectionState.CLOSED;
			this.port.closed();
		}
	}

	/**
	 * Note that the connection ended without our doing.
	 * @param outcome the reason
	 */
	public void lost(ConnectionOutcome outcome) {
		if (this.state.compareTo(ConnectionState.CLOSING) >= 0) {
			return;
		}
		cancelTimers();
		// A peer that closes knows what it has got, and need not acknowledge it
		lose(this.open, (outcome != ConnectionOutcome.PEER_CLOSED) ? this.port.undelivered() : 0);
		this.outcome = this.established ? outcome : ConnectionOutcome.HANDSHAKE_FAILED;
		this.state = ConnectionState.CLOSED;
		this.port.closed();
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
	 * Return the number of requests that ended well since {@link #countAnew()}.
	 * @return the number of completed requests
	 */
	public int completed() {
		return this.completed;
	}

	/**
	 * Return the number of requests that were rejected since {@link #countAnew()} before
	 * any of them was processed.
	 * @return the number of rejected requests
	 */
	public int rejected() {
		return this.rejected;
	}

	/**
	 * Return the number of requests that ended without a whole response since
	 * {@link #countAnew()}.
	 * @return the number of cancelled requests
	 */
	public int cancelled() {
		return this.cancelled;
	}

	/**
	 * Return the number of those cancelled requests that were lost because of how the
	 * connection ended.
	 * @return the number of requests without a response and of responses that were not
	 * acknowledged
	 */
	public int lost() {
		return this.lost;
	}

}
