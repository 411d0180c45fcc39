package io.github.http3spring.netty;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.netty.connection.Http3Connection;
import io.github.http3spring.netty.connection.SampleListeners;
import io.netty.util.concurrent.EventExecutor;

/**
 * Looks at every live connection from time to time, for those who have asked, so that
 * long-lived connections are seen too. A connection adds a last sample when it ends. Does
 * nothing while nobody has asked.
 */
final class ConnectionSampling {

	private final ConnectionRegistry connections;

	private final SampleListeners listeners;

	ConnectionSampling(ConnectionRegistry connections, SampleListeners listeners) {
		this.connections = connections;
		this.listeners = listeners;
	}

	/**
	 * Look at connections until their event loop ends.
	 */
	void start(EventExecutor eventLoop, Duration interval) {
		eventLoop.scheduleWithFixedDelay(() -> {
			if (!this.listeners.isEmpty()) {
				ConnectionBatches.forEach(eventLoop, this.connections.live(), Http3Connection::sample);
			}
		}, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
	}

}
