package io.github.http3spring.netty;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.http3spring.server.ConnectionSample;
import io.netty.util.concurrent.EventExecutor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Looks at every live connection from time to time, for those who have asked, so that
 * long-lived connections are seen too. A connection adds a last sample when it ends. Does
 * nothing while nobody has asked. Listeners are called on the event loop of the
 * connection.
 */
final class ConnectionSampling {

	private static final Log logger = LogFactory.getLog(ConnectionSampling.class);

	private final Duration interval;

	private final List<Consumer<ConnectionSample>> listeners = new CopyOnWriteArrayList<>();

	ConnectionSampling(Duration interval) {
		this.interval = interval;
	}

	void addListener(Consumer<ConnectionSample> listener) {
		this.listeners.add(listener);
	}

	/**
	 * Look at connections until their event loop ends.
	 */
	void start(QuicConnections connections, EventExecutor eventLoop) {
		eventLoop.scheduleWithFixedDelay(() -> {
			if (!this.listeners.isEmpty()) {
				ConnectionBatches.forEach(eventLoop, connections.live(), Http3Connection::sample);
			}
		}, this.interval.toMillis(), this.interval.toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * Look at a connection now.
	 */
	void sample(ConnectionStatistics connection) {
		if (this.listeners.isEmpty()) {
			return;
		}
		ConnectionSample sample = connection.sample();
		if (sample == null) {
			return;
		}
		try {
			this.listeners.forEach((listener) -> listener.accept(sample));
		}
		catch (RuntimeException ex) {
			logger.warn("Listener to samples of HTTP/3 connections failed", ex);
		}
	}

}
