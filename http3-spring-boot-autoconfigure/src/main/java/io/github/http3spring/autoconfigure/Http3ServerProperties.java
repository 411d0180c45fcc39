package io.github.http3spring.autoconfigure;

import java.io.File;
import java.net.InetAddress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

import io.github.http3spring.netty.settings.QuicSettings.AddressValidation;
import io.github.http3spring.netty.settings.QuicSettings.CongestionControl;
import io.github.http3spring.web.OnShutdown;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

/**
 * Properties of the HTTP/3 server.
 */
@ConfigurationProperties("http3.server")
public class Http3ServerProperties {

	/**
	 * Whether to serve HTTP/3. When set to true explicitly, missing TLS fails the start.
	 */
	private boolean enabled = true;

	/**
	 * UDP port, 0 for a free one. Defaults to the port of the TCP server.
	 */
	private @Nullable Integer port;

	/**
	 * Network address to bind to. Defaults to that of the TCP server.
	 */
	private @Nullable InetAddress address;

	/**
	 * Number of connections above which new ones are refused, 0 for no limit.
	 */
	private int maxConnections;

	/**
	 * Largest header or trailer section of a request, uncompressed and with 32 bytes more
	 * for each field. Defaults to 'server.max-http-request-header-size'.
	 */
	private @Nullable DataSize maxHeaderSize;

	/**
	 * Time after which a request whose header and content have not arrived as a whole is
	 * ended. By default there is no limit.
	 */
	private @Nullable Duration requestTimeout;

	private final Ssl ssl = new Ssl();

	private final Udp udp = new Udp();

	private final Quic quic = new Quic();

	private final Shutdown shutdown = new Shutdown();

	private final Connection connection = new Connection();

	private final AltSvc altSvc = new AltSvc();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public @Nullable Integer getPort() {
		return this.port;
	}

	public void setPort(@Nullable Integer port) {
		this.port = port;
	}

	public @Nullable InetAddress getAddress() {
		return this.address;
	}

	public void setAddress(@Nullable InetAddress address) {
		this.address = address;
	}

	public int getMaxConnections() {
		return this.maxConnections;
	}

	public void setMaxConnections(int maxConnections) {
		this.maxConnections = maxConnections;
	}

	public @Nullable DataSize getMaxHeaderSize() {
		return this.maxHeaderSize;
	}

	public void setMaxHeaderSize(@Nullable DataSize maxHeaderSize) {
		this.maxHeaderSize = maxHeaderSize;
	}

	public @Nullable Duration getRequestTimeout() {
		return this.requestTimeout;
	}

	public void setRequestTimeout(@Nullable Duration requestTimeout) {
		this.requestTimeout = requestTimeout;
	}

	public Ssl getSsl() {
		return this.ssl;
	}

	public Udp getUdp() {
		return this.udp;
	}

	public Quic getQuic() {
		return this.quic;
	}

	public Shutdown getShutdown() {
		return this.shutdown;
	}

	public Connection getConnection() {
		return this.connection;
	}

	public AltSvc getAltSvc() {
		return this.altSvc;
	}

	/**
	 * TLS.
	 */
	public static class Ssl {

		/**
		 * Name of the SSL bundle with the default certificate. Defaults to that of
		 * 'server.ssl'.
		 */
		private @Nullable String bundle;

		/**
		 * Whether clients that come back may send requests before the end of the
		 * handshake (0-RTT). Such requests can be replayed by anyone; those of other
		 * methods than GET, HEAD, OPTIONS and TRACE are answered with 425. Of no effect
		 * with client authentication.
		 */
		private boolean earlyData;

		public @Nullable String getBundle() {
			return this.bundle;
		}

		public void setBundle(@Nullable String bundle) {
			this.bundle = bundle;
		}

		public boolean isEarlyData() {
			return this.earlyData;
		}

		public void setEarlyData(boolean earlyData) {
			this.earlyData = earlyData;
		}

	}

	/**
	 * UDP socket.
	 */
	public static class Udp {

		/**
		 * Size of the receive buffer to ask the system for: bursts of datagrams that do
		 * not fit are lost.
		 */
		private DataSize receiveBufferSize = DataSize.ofMegabytes(2);

		/**
		 * Size of the send buffer to ask the system for.
		 */
		private DataSize sendBufferSize = DataSize.ofMegabytes(2);

		/**
		 * Time to wait at the start for a port that is taken, by a process that is
		 * shutting down.
		 */
		private Duration bindTimeout = Duration.ofSeconds(5);

		public DataSize getReceiveBufferSize() {
			return this.receiveBufferSize;
		}

		public void setReceiveBufferSize(DataSize receiveBufferSize) {
			this.receiveBufferSize = receiveBufferSize;
		}

		public DataSize getSendBufferSize() {
			return this.sendBufferSize;
		}

		public void setSendBufferSize(DataSize sendBufferSize) {
			this.sendBufferSize = sendBufferSize;
		}

		public Duration getBindTimeout() {
			return this.bindTimeout;
		}

		public void setBindTimeout(Duration bindTimeout) {
			this.bindTimeout = bindTimeout;
		}

	}

	/**
	 * QUIC transport.
	 */
	public static class Quic {

		/**
		 * Silence after which a connection ends.
		 */
		private Duration maxIdleTimeout = Duration.ofSeconds(30);

		/**
		 * Time after which a connection whose handshake has not come to its end is
		 * refused.
		 */
		private Duration handshakeTimeout = Duration.ofSeconds(10);

		/**
		 * Data that a client may send on a connection before it gets more credit.
		 */
		private DataSize initialMaxData = DataSize.ofMegabytes(16);

		/**
		 * Data that a client may send on a stream opened by the server before it gets
		 * more credit.
		 */
		private DataSize initialMaxStreamDataBidiLocal = DataSize.ofMegabytes(1);

		/**
		 * Data that a client may send on a request stream before it gets more credit.
		 */
		private DataSize initialMaxStreamDataBidiRemote = DataSize.ofMegabytes(1);

		/**
		 * Data that a client may send on a unidirectional stream before it gets more
		 * credit.
		 */
		private DataSize initialMaxStreamDataUni = DataSize.ofKilobytes(256);

		/**
		 * Number of requests that a client may have open on a connection.
		 */
		private long initialMaxStreamsBidi = 100;

		/**
		 * Number of unidirectional streams that a client may have open on a connection.
		 */
		private long initialMaxStreamsUni = 16;

		/**
		 * Largest UDP payload to send and to receive. Defaults to 1200B, which every path
		 * carries, for sending and to 2048B for receiving.
		 */
		private @Nullable DataSize maxUdpPayloadSize;

		/**
		 * Exponent to encode acknowledgement delays with.
		 */
		private int ackDelayExponent = 3;

		/**
		 * Longest time for which an acknowledgement is held back.
		 */
		private Duration maxAckDelay = Duration.ofMillis(25);

		/**
		 * Number of connection ids of a client that are stored.
		 */
		private int activeConnectionIdLimit = 64;

		/**
		 * Whether clients may change their address on purpose.
		 */
		private boolean activeMigration = true;

		/**
		 * Congestion control algorithm.
		 */
		private CongestionControl congestionControl = CongestionControl.CUBIC;

		/**
		 * Number of packets that may be in flight at the start of a connection.
		 */
		private int initialCongestionWindowPackets = 10;

		/**
		 * Whether HyStart++ ends slow start early.
		 */
		private boolean hystart = true;

		/**
		 * When clients have to prove that they own their address, which takes one more
		 * round trip: 'adaptive' while very many handshakes are under way.
		 */
		private AddressValidation addressValidation = AddressValidation.ADAPTIVE;

		/**
		 * Secret of at least 32 characters by which clients learn at once that the server
		 * has crashed. The same in each run of an instance, another one for each
		 * instance. By default they learn by 'max-idle-timeout'.
		 */
		private @Nullable String statelessResetKey;

		/**
		 * Whether to find out by probes how large packets a path carries, up to
		 * 'max-udp-payload-size', which is 1452B for sending by default then.
		 */
		private boolean discoverPmtu;

		/**
		 * Directory for a qlog file of each connection, which costs much time and space.
		 * By default there are none.
		 */
		private @Nullable File qlogDirectory;

		/**
		 * File to append the TLS secrets of all connections to, with which tools like
		 * Wireshark decrypt them. By default there is none.
		 */
		private @Nullable File keyLog;

		public Duration getMaxIdleTimeout() {
			return this.maxIdleTimeout;
		}

		public void setMaxIdleTimeout(Duration maxIdleTimeout) {
			this.maxIdleTimeout = maxIdleTimeout;
		}

		public Duration getHandshakeTimeout() {
			return this.handshakeTimeout;
		}

		public void setHandshakeTimeout(Duration handshakeTimeout) {
			this.handshakeTimeout = handshakeTimeout;
		}

		public DataSize getInitialMaxData() {
			return this.initialMaxData;
		}

		public void setInitialMaxData(DataSize initialMaxData) {
			this.initialMaxData = initialMaxData;
		}

		public DataSize getInitialMaxStreamDataBidiLocal() {
			return this.initialMaxStreamDataBidiLocal;
		}

		public void setInitialMaxStreamDataBidiLocal(DataSize initialMaxStreamDataBidiLocal) {
			this.initialMaxStreamDataBidiLocal = initialMaxStreamDataBidiLocal;
		}

		public DataSize getInitialMaxStreamDataBidiRemote() {
			return this.initialMaxStreamDataBidiRemote;
		}

		public void setInitialMaxStreamDataBidiRemote(DataSize initialMaxStreamDataBidiRemote) {
			this.initialMaxStreamDataBidiRemote = initialMaxStreamDataBidiRemote;
		}

		public DataSize getInitialMaxStreamDataUni() {
			return this.initialMaxStreamDataUni;
		}

		public void setInitialMaxStreamDataUni(DataSize initialMaxStreamDataUni) {
			this.initialMaxStreamDataUni = initialMaxStreamDataUni;
		}

		public long getInitialMaxStreamsBidi() {
			return this.initialMaxStreamsBidi;
		}

		public void setInitialMaxStreamsBidi(long initialMaxStreamsBidi) {
			this.initialMaxStreamsBidi = initialMaxStreamsBidi;
		}

		public long getInitialMaxStreamsUni() {
			return this.initialMaxStreamsUni;
		}

		public void setInitialMaxStreamsUni(long initialMaxStreamsUni) {
			this.initialMaxStreamsUni = initialMaxStreamsUni;
		}

		public @Nullable DataSize getMaxUdpPayloadSize() {
			return this.maxUdpPayloadSize;
		}

		public void setMaxUdpPayloadSize(@Nullable DataSize maxUdpPayloadSize) {
			this.maxUdpPayloadSize = maxUdpPayloadSize;
		}

		public int getAckDelayExponent() {
			return this.ackDelayExponent;
		}

		public void setAckDelayExponent(int ackDelayExponent) {
			this.ackDelayExponent = ackDelayExponent;
		}

		public Duration getMaxAckDelay() {
			return this.maxAckDelay;
		}

		public void setMaxAckDelay(Duration maxAckDelay) {
			this.maxAckDelay = maxAckDelay;
		}

		public int getActiveConnectionIdLimit() {
			return this.activeConnectionIdLimit;
		}

		public void setActiveConnectionIdLimit(int activeConnectionIdLimit) {
			this.activeConnectionIdLimit = activeConnectionIdLimit;
		}

		public boolean isActiveMigration() {
			return this.activeMigration;
		}

		public void setActiveMigration(boolean activeMigration) {
			this.activeMigration = activeMigration;
		}

		public CongestionControl getCongestionControl() {
			return this.congestionControl;
		}

		public void setCongestionControl(CongestionControl congestionControl) {
			this.congestionControl = congestionControl;
		}

		public int getInitialCongestionWindowPackets() {
			return this.initialCongestionWindowPackets;
		}

		public void setInitialCongestionWindowPackets(int initialCongestionWindowPackets) {
			this.initialCongestionWindowPackets = initialCongestionWindowPackets;
		}

		public boolean isHystart() {
			return this.hystart;
		}

		public void setHystart(boolean hystart) {
			this.hystart = hystart;
		}

		public AddressValidation getAddressValidation() {
			return this.addressValidation;
		}

		public void setAddressValidation(AddressValidation addressValidation) {
			this.addressValidation = addressValidation;
		}

		public @Nullable String getStatelessResetKey() {
			return this.statelessResetKey;
		}

		public void setStatelessResetKey(@Nullable String statelessResetKey) {
			this.statelessResetKey = statelessResetKey;
		}

		public boolean isDiscoverPmtu() {
			return this.discoverPmtu;
		}

		public void setDiscoverPmtu(boolean discoverPmtu) {
			this.discoverPmtu = discoverPmtu;
		}

		public @Nullable File getQlogDirectory() {
			return this.qlogDirectory;
		}

		public void setQlogDirectory(@Nullable File qlogDirectory) {
			this.qlogDirectory = qlogDirectory;
		}

		public @Nullable File getKeyLog() {
			return this.keyLog;
		}

		public void setKeyLog(@Nullable File keyLog) {
			this.keyLog = keyLog;
		}

	}

	/**
	 * Graceful shutdown.
	 */
	public static class Shutdown {

		/**
		 * Time between the first GOAWAY, after which requests are still served, and the
		 * final one, after which they are rejected. By default three probe timeouts of
		 * each connection, between 50ms and 1s.
		 */
		private @Nullable Duration goawayDelay;

		/**
		 * Time after which requests that are still open are cut off. By default somewhat
		 * less than 'spring.lifecycle.timeout-per-shutdown-phase'.
		 */
		private @Nullable Duration gracePeriod;

		/**
		 * Time over which the first GOAWAYs of all connections are spread.
		 */
		private Duration spread = Duration.ZERO;

		/**
		 * Most time to leave a client, before the close of its connection makes it
		 * discard the rest, to read a response that fits into its window, so that its
		 * pace is unknown.
		 */
		private Duration linger = Duration.ofSeconds(5);

		/**
		 * What becomes of Server-Sent Events when the shutdown of the server or of their
		 * connection starts.
		 */
		private EventStreams eventStreams = EventStreams.COMPLETE;

		/**
		 * Time for which the application goes on serving over TCP and HTTP/3 before its
		 * graceful shutdown starts, for load balancers to notice that it is not ready any
		 * more.
		 */
		private Duration preShutdownDelay = Duration.ZERO;

		public Duration getSpread() {
			return this.spread;
		}

		public void setSpread(Duration spread) {
			this.spread = spread;
		}

		public Duration getLinger() {
			return this.linger;
		}

		public void setLinger(Duration linger) {
			this.linger = linger;
		}

		public EventStreams getEventStreams() {
			return this.eventStreams;
		}

		public void setEventStreams(EventStreams eventStreams) {
			this.eventStreams = eventStreams;
		}

		public Duration getPreShutdownDelay() {
			return this.preShutdownDelay;
		}

		public void setPreShutdownDelay(Duration preShutdownDelay) {
			this.preShutdownDelay = preShutdownDelay;
		}

		public @Nullable Duration getGoawayDelay() {
			return this.goawayDelay;
		}

		public void setGoawayDelay(@Nullable Duration goawayDelay) {
			this.goawayDelay = goawayDelay;
		}

		public @Nullable Duration getGracePeriod() {
			return this.gracePeriod;
		}

		public void setGracePeriod(@Nullable Duration gracePeriod) {
			this.gracePeriod = gracePeriod;
		}

	}

	/**
	 * What becomes of Server-Sent Events when the shutdown of the server or of their
	 * connection starts.
	 */
	public enum EventStreams {

		/**
		 * They are completed after the event that is being written.
		 */
		COMPLETE,

		/**
		 * They are waited for like any other response.
		 */
		WAIT

	}

	/**
	 * Limits of each connection.
	 */
	public static class Connection {

		/**
		 * Age at which a connection is shut down gracefully. By default there is no
		 * limit.
		 */
		private @Nullable Duration maxAge;

		/**
		 * Most by which the age of a connection deviates at random. By default a tenth of
		 * the age.
		 */
		private @Nullable Duration maxAgeJitter;

		/**
		 * Time after which requests that are still open on such a connection are cut off.
		 */
		private Duration maxAgeGrace = Duration.ofSeconds(30);

		/**
		 * Number of requests after which a connection is shut down gracefully, 0 for no
		 * limit.
		 */
		private long maxRequests;

		/**
		 * Number of requests that a client may reset per second before its connection is
		 * closed, 0 for no limit. Defaults to twice 'quic.initial-max-streams-bidi'.
		 */
		private @Nullable Integer maxResets;

		/**
		 * Bytes of responses that the transport may hold without having sent them.
		 */
		private DataSize maxUnsentData = DataSize.ofMegabytes(4);

		public @Nullable Duration getMaxAge() {
			return this.maxAge;
		}

		public void setMaxAge(@Nullable Duration maxAge) {
			this.maxAge = maxAge;
		}

		public @Nullable Duration getMaxAgeJitter() {
			return this.maxAgeJitter;
		}

		public void setMaxAgeJitter(@Nullable Duration maxAgeJitter) {
			this.maxAgeJitter = maxAgeJitter;
		}

		public Duration getMaxAgeGrace() {
			return this.maxAgeGrace;
		}

		public void setMaxAgeGrace(Duration maxAgeGrace) {
			this.maxAgeGrace = maxAgeGrace;
		}

		public @Nullable Integer getMaxResets() {
			return this.maxResets;
		}

		public void setMaxResets(@Nullable Integer maxResets) {
			this.maxResets = maxResets;
		}

		public DataSize getMaxUnsentData() {
			return this.maxUnsentData;
		}

		public void setMaxUnsentData(DataSize maxUnsentData) {
			this.maxUnsentData = maxUnsentData;
		}

		public long getMaxRequests() {
			return this.maxRequests;
		}

		public void setMaxRequests(long maxRequests) {
			this.maxRequests = maxRequests;
		}

	}

	/**
	 * Advertisement of HTTP/3 on responses of the TCP server.
	 */
	public static class AltSvc {

		/**
		 * Whether to advertise HTTP/3 in an Alt-Svc header.
		 */
		private boolean enabled = true;

		/**
		 * Time for which clients may remember the advertisement. If a duration suffix is
		 * not specified, seconds are used.
		 */
		@DurationUnit(ChronoUnit.SECONDS)
		private Duration maxAge = Duration.ofHours(24);

		/**
		 * UDP port to advertise, where clients reach the server through another one.
		 * Defaults to the port that the server listens on.
		 */
		private @Nullable Integer port;

		/**
		 * Whether clients may remember the advertisement when their network changes.
		 */
		private boolean persist;

		/**
		 * What responses say of HTTP/3 once readiness is withdrawn or the shutdown has
		 * started.
		 */
		private OnShutdown onShutdown = OnShutdown.CLEAR;

		public boolean isPersist() {
			return this.persist;
		}

		public void setPersist(boolean persist) {
			this.persist = persist;
		}

		public OnShutdown getOnShutdown() {
			return this.onShutdown;
		}

		public void setOnShutdown(OnShutdown onShutdown) {
			this.onShutdown = onShutdown;
		}

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public Duration getMaxAge() {
			return this.maxAge;
		}

		public void setMaxAge(Duration maxAge) {
			this.maxAge = maxAge;
		}

		public @Nullable Integer getPort() {
			return this.port;
		}

		public void setPort(@Nullable Integer port) {
			this.port = port;
		}

	}

}
