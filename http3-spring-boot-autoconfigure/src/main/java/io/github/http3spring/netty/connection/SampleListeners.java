package io.github.http3spring.netty.connection;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.github.http3spring.server.ConnectionSample;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Those who want to know how connections are. Listeners are called on the event loop of
 * the connection, and may be added by any thread.
 */
public final class SampleListeners {

	private static final Log logger = LogFactory.getLog(SampleListeners.class);

	private final List<Consumer<ConnectionSample>> listeners = new CopyOnWriteArrayList<>();

	public void add(Consumer<ConnectionSample> listener) {
		this.listeners.add(listener);
	}

	public boolean isEmpty() {
		return this.listeners.isEmpty();
	}

	/**
	 * Tell what has happened on a connection since the last time.
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
