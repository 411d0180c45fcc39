package io.github.http3spring.wire;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

import javax.net.ssl.X509TrustManager;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The immutable options of a {@link WireClient}.
 *
 * @param maxIdleTimeout the transport parameter {@code max_idle_timeout}
 * @param connectTimeout how long a connection may take to be ready
 * @param awaitSettings whether a connection is ready with the server's SETTINGS, so that
 * one that is refused after the handshake is never ready, or with the handshake already
 * @param controlStream whether each connection opens its control stream and sends an
 * empty SETTINGS frame, or leaves that to its user
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
 * @param maxUdpPayload bytes in the largest datagram to send, and to receive if that is
 * more than what fits into an Ethernet frame
 * @param trustManager decides which certificates to accept; it is not asked for one of a
 * connection that is resumed
 * @param hystart whether slow start of uploads ends when round trips take longer
 * (HyStart++, RFC 9406)
 */
public record WireOptions(Duration maxIdleTimeout, Duration connectTimeout, boolean awaitSettings,
		boolean controlStream, long initialMaxData, long initialMaxStreamData, int bodyLimit,
		boolean recordStreamEvents, int eventLoops, @Nullable String serverName, @Nullable Path qlogDirectory,
		boolean earlyData, int connectionsPerSocket, int maxUdpPayload, X509TrustManager trustManager,
		boolean hystart) {

	private static final X509TrustManager ANY_CERTIFICATE = (X509TrustManager) InsecureTrustManagerFactory.INSTANCE
		.getTrustManagers()[0];

	/**
	 * Return the options of a patient client with large windows, which trusts any
	 * certificate.
	 * @return the defaults
	 */
	public static WireOptions defaults() {
		return new WireOptions(Duration.ofSeconds(30), Duration.ofSeconds(10), true, true, 16 << 20, 8 << 20, 1 << 20,
				true, 1, null, null, false, 1, 1200, ANY_CERTIFICATE, true);
	}

	public WireOptions withMaxIdleTimeout(Duration timeout) {
		return with((copy) -> copy.maxIdleTimeout = timeout);
	}

	public WireOptions withConnectTimeout(Duration timeout) {
		return with((copy) -> copy.connectTimeout = timeout);
	}

	public WireOptions withAwaitSettings(boolean await) {
		return with((copy) -> copy.awaitSettings = await);
	}

	public WireOptions withControlStream(boolean open) {
		return with((copy) -> copy.controlStream = open);
	}

	/**
	 * Set both flow control windows; small ones starve the server.
	 * @param maxData the window of the connection
	 * @param maxStreamData the window of each response and of each stream that the server
	 * opens
	 * @return the new options
	 */
	public WireOptions withWindows(long maxData, long maxStreamData) {
		return with((copy) -> {
			copy.initialMaxData = maxData;
			copy.initialMaxStreamData = maxStreamData;
		});
	}

	public WireOptions withBodyLimit(int limit) {
		return with((copy) -> copy.bodyLimit = limit);
	}

	public WireOptions withRecordStreamEvents(boolean record) {
		return with((copy) -> copy.recordStreamEvents = record);
	}

	public WireOptions withEventLoops(int count) {
		return with((copy) -> copy.eventLoops = count);
	}

	public WireOptions withServerName(String name) {
		return with((copy) -> copy.serverName = name);
	}

	public WireOptions withQlogDirectory(Path directory) {
		return with((copy) -> copy.qlogDirectory = directory);
	}

	public WireOptions withEarlyData(boolean early) {
		return with((copy) -> copy.earlyData = early);
	}

	public WireOptions withConnectionsPerSocket(int count) {
		return with((copy) -> copy.connectionsPerSocket = count);
	}

	public WireOptions withMaxUdpPayload(int bytes) {
		return with((copy) -> copy.maxUdpPayload = bytes);
	}

	public WireOptions withTrustManager(X509TrustManager manager) {
		return with((copy) -> copy.trustManager = manager);
	}

	public WireOptions withHystart(boolean hystart) {
		return with((copy) -> copy.hystart = hystart);
	}

	private WireOptions with(Consumer<Copy> change) {
		Copy copy = new Copy(this);
		change.accept(copy);
		return copy.toOptions();
	}

	/**
	 * Options that are being changed.
	 */
	private static final class Copy {

		private Duration maxIdleTimeout;

		private Duration connectTimeout;

		private boolean awaitSettings;

		private boolean controlStream;

		private long initialMaxData;

		private long initialMaxStreamData;

		private int bodyLimit;

		private boolean recordStreamEvents;

		private int eventLoops;

		private @Nullable String serverName;

		private @Nullable Path qlogDirectory;

		private boolean earlyData;

		private int connectionsPerSocket;

		private int maxUdpPayload;

		private X509TrustManager trustManager;

		private boolean hystart;

		Copy(WireOptions options) {
			this.maxIdleTimeout = options.maxIdleTimeout;
			this.connectTimeout = options.connectTimeout;
			this.awaitSettings = options.awaitSettings;
			this.controlStream = options.controlStream;
			this.initialMaxData = options.initialMaxData;
			this.initialMaxStreamData = options.initialMaxStreamData;
			this.bodyLimit = options.bodyLimit;
			this.recordStreamEvents = options.recordStreamEvents;
			this.eventLoops = options.eventLoops;
			this.serverName = options.serverName;
			this.qlogDirectory = options.qlogDirectory;
			this.earlyData = options.earlyData;
			this.connectionsPerSocket = options.connectionsPerSocket;
			this.maxUdpPayload = options.maxUdpPayload;
			this.trustManager = options.trustManager;
			this.hystart = options.hystart;
		}

		WireOptions toOptions() {
			return new WireOptions(this.maxIdleTimeout, this.connectTimeout, this.awaitSettings, this.controlStream,
					this.initialMaxData, this.initialMaxStreamData, this.bodyLimit, this.recordStreamEvents,
					this.eventLoops, this.serverName, this.qlogDirectory, this.earlyData, this.connectionsPerSocket,
					this.maxUdpPayload, this.trustManager, this.hystart);
		}

	}

}
