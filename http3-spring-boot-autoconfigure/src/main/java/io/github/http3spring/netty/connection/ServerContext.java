package io.github.http3spring.netty.connection;

import java.time.Duration;
import java.util.OptionalLong;

import io.github.http3spring.netty.request.MemoryBudgets;
import io.github.http3spring.netty.settings.ServerLimits;
import io.github.http3spring.netty.tls.CertificateRefusals;
import io.github.http3spring.netty.udp.ClosingPeriods;
import io.github.http3spring.netty.udp.SocketTurns;
import io.github.http3spring.shutdown.ConnectionPolicy;
import io.github.http3spring.shutdown.ShutdownPolicy;

/**
 * What all connections of a server have in common. Confined to the event loop of the
 * connections.
 */
public interface ServerContext {

	/**
	 * Return the index of the worker of these connections.
	 */
	int worker();

	/**
	 * Return what tells one turn of the event loop from the next.
	 */
	SocketTurns turns();

	/**
	 * Return what lets connections do by turns what they have put off.
	 */
	PutOffWork putOffWork();

	/**
	 * Return the limits of the server.
	 */
	ServerLimits limits();

	/**
	 * Return what all connections of the server share.
	 */
	MemoryBudgets memory();

	ShutdownPolicy shutdownPolicy();

	ConnectionPolicy connectionPolicy();

	/**
	 * Return the idle timeout of the server.
	 */
	Duration maxIdleTimeout();

	/**
	 * Return the bytes in the largest UDP payload that the server may send.
	 */
	long maxUdpPayload();

	/**
	 * Return what counts what the server does.
	 */
	ServerCounters counters();

	/**
	 * Return what tells that clients refuse the certificate.
	 */
	CertificateRefusals certificateRefusals();

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

}
