package io.github.http3spring.shutdown;

import java.time.Duration;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Keeps a peer that has vanished from holding the shutdown, and the idle timeout from
 * ending a connection whose requests take long. Confined to the thread of the connection.
 */
final class PeerWatch {

	/**
	 * Longest time between two looks at whether the peer is still there.
	 */
	static final Duration INTERVAL = Duration.ofMillis(500);

	/**
	 * How many times within an idle timeout the peer is looked at, at least.
	 */
	private static final int LOOKS_PER_IDLE_TIMEOUT = 6;

	private final ConnectionPort port;

	private final ConnectionTiming timing;

	private final Runnable vanished;

	private final PeerSilence silence;

	private final Optional<Duration> idleTimeout;

	private final Duration interval;

	private ConnectionTiming.@Nullable Timer timer;

	private boolean cancelled;

	/**
	 * Begin with a peer that is there.
	 * @param port keeps the connection alive
	 * @param timing tells what comes from the peer
	 * @param vanished called when the peer has vanished
	 */
	PeerWatch(ConnectionPort port, ConnectionTiming timing, Runnable vanished) {
		this.port = port;
		this.timing = timing;
		this.vanished = vanished;
		this.silence = new PeerSilence(timing.activity());
		this.idleTimeout = timing.idleTimeout();
		this.interval = this.idleTimeout.map((timeout) -> timeout.dividedBy(LOOKS_PER_IDLE_TIMEOUT))
			.filter((part) -> part.compareTo(INTERVAL) < 0)
			.orElse(INTERVAL);
	}

	/**
	 * Look after an interval, and go on until the peer has vanished.
	 */
	void start() {
		this.timer = this.timing.schedule(this.interval, this::look);
	}

	/**
	 * Note that something has just been sent that asks the peer for an answer, for the
	 * first time since it is watched.
	 */
	void ask() {
		this.silence.ask(this.timing.activity());
	}

	private void look() {
		this.silence.look(this.timing.activity(), this.interval);
		if (this.silence.isVanished()) {
			this.vanished.run();
			return;
		}
		if (this.idleTimeout.filter(this.silence::endsWith).isPresent() || this.silence.isLong()) {
			this.port.keepAlive();
		}
		// What was sent may have been the end of the connection
		if (!this.cancelled) {
			start();
		}
	}

	void cancel() {
		this.cancelled = true;
		if (this.timer != null) {
			this.timer.cancel();
		}
	}

}
