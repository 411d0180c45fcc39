package io.github.http3spring.shutdown;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes down what {@link ConnectionShutdown} does to its connection, and tells it the
 * time.
 */
class RecordingPort implements ConnectionPort, ConnectionTiming {

	static final Duration GOAWAY_DELAY = Duration.ofMillis(75);

	final ManualClock clock = new ManualClock();

	final List<String> actions = new ArrayList<>();

	int undelivered = 1;

	int lostRequests;

	int lostResponses;

	Duration maxGoAwayDelay = GOAWAY_DELAY;

	PeerActivity activity = new PeerActivity(0, 0, Duration.ofMillis(50), Duration.ZERO);

	Optional<Duration> idleTimeout = Optional.of(Duration.ofSeconds(30));

	@Override
	public void sendGoAway(long streamId) {
		this.actions.add("GOAWAY " + streamId);
	}

	@Override
	public void tellHandlers() {
		this.actions.add("tell handlers");
	}

	@Override
	public void requestsLost(int requests, int responses) {
		this.lostRequests += requests;
		this.lostResponses += responses;
	}

	@Override
	public void cancelRequests() {
		this.actions.add("cancel requests");
	}

	@Override
	public int undelivered() {
		return this.undelivered;
	}

	@Override
	public void awaitDelivery() {
		this.actions.add("await delivery");
	}

	@Override
	public void close(ConnectionOutcome outcome) {
		this.actions.add("CONNECTION_CLOSE");
	}

	@Override
	public void refuse() {
		this.actions.add("refuse");
	}

	@Override
	public long nanoTime() {
		return this.clock.nanoTime();
	}

	@Override
	public Duration goAwayDelay() {
		return GOAWAY_DELAY;
	}

	@Override
	public Duration maxGoAwayDelay() {
		return this.maxGoAwayDelay;
	}

	@Override
	public PeerActivity activity() {
		return this.activity;
	}

	@Override
	public Optional<Duration> idleTimeout() {
		return this.idleTimeout;
	}

	@Override
	public void keepAlive() {
		this.actions.add("keep alive");
	}

	@Override
	public Timer schedule(Duration delay, Runnable task) {
		return this.clock.schedule(delay, task);
	}

	@Override
	public void closed(ConnectionOutcome outcome) {
		this.actions.add("closed");
	}

}
