package io.github.http3spring.wire;

import java.nio.file.Path;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The immutable options of a {@link WireClient}.
 *
 * @param maxIdleTimeout the transport parameter {@code max_idle_timeout}
 * @param connectTimeout how long a connection may take to be ready
 * @param awaitSettings whether a connection is ready with the server's SETTINGS, so that
 * one that is refused after the handshake is never ready, or with the handshake already
 * @param initialMaxData the transport parameter {@code initial_max_data}
 * @param initialMaxStreamData the transport parameters
 * {@code initial_max_stream_data_bidi_local} and {@code initial_max_stream_data_uni}, the
 * windows of responses and of the server's own streams
 * @param bodyLimit how many content bytes of a response to keep
 * @param recordStreamEvents whether to record the events of streams; a load client, which
 * opens very many, does not want to
 * @param eventLoops the number of event loops, each with its thread
 * @param serverName the name to send for SNI and {@code :authority}, {@code null} to send
 * no SNI and {@code localhost}
 * @param qlogDirectory where to write a qlog file for each connection, {@code null} for
 * nowhere
 * @param earlyData whether a connection with a ticket of an earlier one is ready before
 * its handshake is done, and sends its first requests as early data (RFC 9001 section
 * 4.6); needs a server name
 * @param connectionsPerSocket how many connections share a UDP socket; each socket takes
 * about 1.5 MB
 */
public record WireOptions(Duration maxIdleTimeout, Duration connectTimeout, boolean awaitSettings, long initialMaxData,
		long initialMaxStreamData, int bodyLimit, boolean recordStreamEvents, int eventLoops,
		@Nullable String serverName, @Nullable Path qlogDirectory, boolean earlyData, int connectionsPerSocket) {

	/**
	 * Return the options of a patient client with large windows.
	 * @return the defaults
	 */
	public static WireOptions defaults() {
		return new WireOptions(Duration.ofSeconds(30), Duration.ofSeconds(10), true, 16 << 20, 8 << 20, 1 << 20, true,
				1, null, null, false, 1);
	}

	public WireOptions withMaxIdleTimeout(Duration timeout) {
		return new WireOptions(timeout, this.connectTimeout, this.awaitSettings, this.initialMaxData,
				this.initialMaxStreamData, this.bodyLimit, this.recordStreamEvents, this.eventLoops, this.serverName,
				this.qlogDirectory, this.earlyData, this.connectionsPerSocket);
	}

	public WireOptions withConnectTimeout(Duration timeout) {
		return new WireOptions(this.maxIdleTimeout, timeout, this.awaitSettings, this.initialMaxData,
				this.initialMaxStreamData, this.bodyLimit, this.recordStreamEvents, this.eventLoops, this.serverName,
				this.qlogDirectory, this.earlyData, this.connectionsPerSocket);
	}

	public WireOptions withAwaitSettings(boolean await) {
		return new WireOptions(this.maxIdleTimeout, this.connectTimeout, await, this.initialMaxData,
				this.initialMaxStreamData, this.bodyLimit, this.recordStreamEvents, this.eventLoops, this.serverName,
				this.qlogDirectory, this.earlyData, this.connectionsPerSocket);
	}

	/**
	 * Set both flow control windows; small ones starve the server.
	 * @param maxData the window of the connection
	 * @param maxStreamData the window of each response and of each stream that the server
	 * opens
	 * @return the new options
	 */
	public WireOptions withWindows(long maxData, long maxStreamData) {
		return new WireOptions(this.maxIdleTimeout, this.connectTimeout, this.awaitSettings, maxData, maxStreamData,
				this.bodyLimit, this.recordStreamEvents, this.eventLoops, this.serverName, this.qlogDirectory,
				this.earlyData, this.connectionsPerSocket);
	}

	public WireOptions withBodyLimit(int limit) {
		return new WireOptions(this.maxIdleTimeout, this.connectTimeout, this.awaitSettings, this.initialMaxData,
				this.initialMaxStreamData, limit, this.recordStreamEvents, this.eventLoops, this.serverName,
				this.qlogDirectory, this.earlyData, this.connectionsPerSocket);
	}

	public WireOptions withRecordStreamEvents(boolean record) {
		return new WireOptions(this.maxIdleTimeout, this.connectTimeout, this.awaitSettings, this.initialMaxData,
				this.initialMaxStreamData, this.bodyLimit, record, this.eventLoops, this.serverName, this.qlogDirectory,
				this.earlyData, this.connectionsPerSocket);
	}

	public WireOptions withEventLoops(int count) {
		return new WireOptions(this.maxIdleTimeout, this.connectTimeout, this.awaitSettings, this.initialMaxData,
				this.initialMaxStreamData, this.bodyLimit, this.recordStreamEvents, count, this.serverName,
				this.qlogDirectory, this.earlyData, this.connectionsPerSocket);
	}

	public WireOptions withServerName(String name) {
		return new WireOptions(this.maxIdleTimeout, this.connectTimeout, this.awaitSettings, this.initialMaxData,
				this.initialMaxStreamData, this.bodyLimit, this.recordStreamEvents, this.eventLoops, name,
				this.qlogDirectory, this.earlyData, this.connectionsPerSocket);
	}

	public WireOptions withQlogDirectory(Path directory) {
		return new WireOptions(this.maxIdleTimeout, this.connectTimeout, this.awaitSettings, this.initialMaxData,
				this.initialMaxStreamData, this.bodyLimit, this.recordStreamEvents, this.eventLoops, this.serverName,
				directory, this.earlyData, this.connectionsPerSocket);
	}

	public WireOptions withEarlyData(boolean earlyData) {
		return new WireOptions(this.maxIdleTimeout, this.connectTimeout, this.awaitSettings, this.initialMaxData,
				this.initialMaxStreamData, this.bodyLimit, this.recordStreamEvents, this.eventLoops, this.serverName,
				this.qlogDirectory, earlyData, this.connectionsPerSocket);
	}

	public WireOptions withConnectionsPerSocket(int count) {
		return new WireOptions(this.maxIdleTimeout, this.connectTimeout, this.awaitSettings, this.initialMaxData,
				this.initialMaxStreamData, this.bodyLimit, this.recordStreamEvents, this.eventLoops, this.serverName,
				this.qlogDirectory, this.earlyData, count);
	}

}
