package io.github.http3spring.netty.connection;

import java.time.Duration;
import java.util.OptionalLong;

import io.github.http3spring.netty.settings.ServerLimits;
import io.github.http3spring.netty.udp.ClosingPeriods;
import io.github.http3spring.shutdown.ConnectionPolicy;
import io.github.http3spring.shutdown.ShutdownPolicy;

/**
 * What a connection needs of its server, and tells it. Confined to the event loop of the
 * connection.
 */
public interface ConnectionOwner {

	/**
	 * Return the limits of the server.
	 */
	ServerLimits limits();

	ShutdownPolicy shutdownPolicy();

	ConnectionPolicy connectionPolicy();

	/**
	 * Return the idle timeout of the server.
	 */
	Duration maxIdleTimeout();

	/**
	 * Return what counts what the server does.
	 */
	ServerCounters counters();

	/**
	 * Return those who want to know how the connections of the server are.
	 */
	SampleListeners samples();

	/**
	 * Return what keeps the closing periods of closed connections.
	 */
	ClosingPeriods closingPeriods();

	/**
	 * Return whether the server is being shut down.
	 */
	boolean isShuttingDown();

	/**
	 * Return when the server has cut off what was open, by the clock of
	 * {@link System#nanoTime()}, empty as long as it has not.
	 */
	OptionalLong cutOffAt();

	/**
	 * Note that the connection's handshake has come to its end, or the connection before.
	 */
	void handshakeEnded();

	/**
	 * Note that the connection was refused, because the server is being shut down and the
	 * handshake does not come to its end.
	 */
	void refused(Http3Connection connection);

	/**
	 * Note that nothing is left of the connection.
	 */
	void ended(Http3Connection connection);

}
