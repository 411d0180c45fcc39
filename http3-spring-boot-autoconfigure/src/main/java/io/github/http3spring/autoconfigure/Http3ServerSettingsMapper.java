package io.github.http3spring.autoconfigure;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntSupplier;

import io.github.http3spring.netty.settings.Http3ServerSettings;
import io.github.http3spring.netty.settings.QuicSettings;
import io.github.http3spring.netty.settings.ServerLimits;
import io.github.http3spring.netty.settings.UdpBuffers;
import io.github.http3spring.netty.tls.StatelessReset;
import io.github.http3spring.shutdown.ConnectionPolicy;
import io.github.http3spring.shutdown.ShutdownPolicy;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.web.ServerProperties;
import org.springframework.boot.autoconfigure.web.ServerProperties.ForwardHeadersStrategy;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.util.unit.DataSize;

/**
 * Maps the properties to the settings of the server, and refuses values that the RFCs do
 * not allow.
 */
final class Http3ServerSettingsMapper {

	private static final Log logger = LogFactory.getLog(Http3ServerSettingsMapper.class);

	private static final String PREFIX = "http3.server.";

	/**
	 * Largest value of a variable-length integer (RFC 9000 section 16).
	 */
	private static final long MAX_VARINT = (1L << 62) - 1;

	/**
	 * Largest number of streams (RFC 9000 section 4.6).
	 */
	private static final long MAX_STREAMS = 1L << 60;

	/**
	 * Room for one datagram and what Linux adds to it.
	 */
	private static final long MIN_UDP_BUFFER = 4096;

	private static final int MIN_KEY_LENGTH = 32;

	/**
	 * Linux takes twice the size in a signed integer.
	 */
	private static final long MAX_UDP_BUFFER = (1L << 30) - 1;

	private static final Duration MAX_DURATION = Duration.ofDays(365);

	private final Http3ServerProperties properties;

	private final ServerProperties serverProperties;

	private final ShutdownPhase shutdownPhase;

	private final boolean forwardHeaders;

	Http3ServerSettingsMapper(Http3ServerProperties properties, ServerProperties serverProperties,
			ShutdownPhase shutdownPhase, @Nullable CloudPlatform cloudPlatform) {
		this.properties = properties;
		this.serverProperties = serverProperties;
		this.shutdownPhase = shutdownPhase;
		ForwardHeadersStrategy strategy = serverProperties.getForwardHeadersStrategy();
		this.forwardHeaders = (strategy != null) ? strategy == ForwardHeadersStrategy.NATIVE
				: cloudPlatform != null && cloudPlatform.isUsingForwardHeaders();
	}

	/**
	 * Map.
	 * @param tcpPort the port that the TCP server got, asked for when the server starts
	 * @throws InvalidConfigurationPropertyValueException if a value is not allowed
	 */
	Http3ServerSettings map(IntSupplier tcpPort) {
		Integer port = this.properties.getPort();
		if (port != null) {
			range("port", port, 0, 65535);
		}
		check(this.properties.getAltSvc());
		bindTimeout(this.properties.getUdp());
		Integer serverPort = this.serverProperties.getPort();
		return new Http3ServerSettings(this.properties.getAddress(), (port != null) ? () -> port : tcpPort,
				port == null && serverPort != null && serverPort == 0, mapUdp(this.properties.getUdp()),
				mapQuic(this.properties.getQuic()), this.serverProperties.getShutdown(),
				mapShutdown(this.properties.getShutdown()), mapConnection(this.properties.getConnection()), mapLimits(),
				this.forwardHeaders, this.serverProperties.getCompression(), Http3ServerSettings.SAMPLE_INTERVAL);
	}

	private ServerLimits mapLimits() {
		DataSize maxHeaderSize = (this.properties.getMaxHeaderSize() != null) ? this.properties.getMaxHeaderSize()
				: this.serverProperties.getMaxHttpRequestHeaderSize();
		Integer maxResets = this.properties.getConnection().getMaxResets();
		return new ServerLimits(
				(int) range("max-connections", this.properties.getMaxConnections(), 0, Integer.MAX_VALUE),
				duration("quic.handshake-timeout", this.properties.getQuic().getHandshakeTimeout(),
						Duration.ofMillis(1), MAX_DURATION),
				bytes("max-header-size", maxHeaderSize, 1, Integer.MAX_VALUE),
				Optional.ofNullable(this.properties.getRequestTimeout())
					.map((timeout) -> duration("request-timeout", timeout, Duration.ofMillis(1), MAX_DURATION)),
				(maxResets != null) ? (int) range("connection.max-resets", maxResets, 0, Integer.MAX_VALUE)
						: defaultMaxResets(),
				bytes("connection.max-unsent-data", this.properties.getConnection().getMaxUnsentData(), 1,
						Long.MAX_VALUE));
	}

	/**
	 * A client may give up everything that it has open, and do so again at once.
	 */
	private int defaultMaxResets() {
		return (int) Math.min(Integer.MAX_VALUE, 2 * this.properties.getQuic().getInitialMaxStreamsBidi());
	}

	private static ConnectionPolicy mapConnection(Http3ServerProperties.Connection connection) {
		Optional<Duration> maxAge = Optional.ofNullable(connection.getMaxAge())
			.map((age) -> duration("connection.max-age", age, Duration.ofMillis(1), MAX_DURATION));
		Duration jitter = (connection.getMaxAgeJitter() != null) ? connection.getMaxAgeJitter()
				: maxAge.map((age) -> age.dividedBy(10)).orElse(Duration.ZERO);
		return new ConnectionPolicy(maxAge,
				duration("connection.max-age-jitter", jitter, Duration.ZERO, maxAge.orElse(MAX_DURATION)),
				duration("connection.max-age-grace", connection.getMaxAgeGrace(), Duration.ZERO, MAX_DURATION),
				range("connection.max-requests", connection.getMaxRequests(), 0, MAX_STREAMS));
	}

	private static UdpBuffers mapUdp(Http3ServerProperties.Udp udp) {
		return new UdpBuffers(
				(int) bytes("udp.receive-buffer-size", udp.getReceiveBufferSize(), MIN_UDP_BUFFER, MAX_UDP_BUFFER),
				(int) bytes("udp.send-buffer-size", udp.getSendBufferSize(), MIN_UDP_BUFFER, MAX_UDP_BUFFER));
	}

	private QuicSettings mapQuic(Http3ServerProperties.Quic quic) {
		return new QuicSettings(
				duration("quic.max-idle-timeout", quic.getMaxIdleTimeout(), Duration.ofMillis(1),
						Duration.ofMillis(MAX_VARINT)),
				bytes("quic.initial-max-data", quic.getInitialMaxData(), 1, MAX_VARINT),
				bytes("quic.initial-max-stream-data-bidi-local", quic.getInitialMaxStreamDataBidiLocal(), 0,
						MAX_VARINT),
				bytes("quic.initial-max-stream-data-bidi-remote", quic.getInitialMaxStreamDataBidiRemote(), 1,
						MAX_VARINT),
				// RFC 9114 section 6.2
				bytes("quic.initial-max-stream-data-uni", quic.getInitialMaxStreamDataUni(), 1024, MAX_VARINT),
				range("quic.initial-max-streams-bidi", quic.getInitialMaxStreamsBidi(), 1, MAX_STREAMS),
				// RFC 9114 section 6.2: control stream and both QPACK streams
				range("quic.initial-max-streams-uni", quic.getInitialMaxStreamsUni(), 3, MAX_STREAMS),
				(quic.getMaxUdpPayloadSize() != null)
						? bytes("quic.max-udp-payload-size", quic.getMaxUdpPayloadSize(), 1200, 65527) : null,
				range("quic.ack-delay-exponent", quic.getAckDelayExponent(), 0, 20),
				duration("quic.max-ack-delay", quic.getMaxAckDelay(), Duration.ZERO, Duration.ofMillis((1 << 14) - 1)),
				range("quic.active-connection-id-limit", quic.getActiveConnectionIdLimit(), 2, MAX_VARINT),
				quic.isActiveMigration(), quic.getCongestionControl(),
				(int) range("quic.initial-congestion-window-packets", quic.getInitialCongestionWindowPackets(), 1,
						10_000),
				quic.isHystart(), quic.getAddressValidation(), quic.isDiscoverPmtu(),
				qlogDirectory(quic.getQlogDirectory()), statelessReset(quic.getStatelessResetKey()));
	}

	/**
	 * The value is a secret, which the report of a failure must not show.
	 */
	private static @Nullable StatelessReset statelessReset(@Nullable String key) {
		if (key == null) {
			return null;
		}
		if (key.length() < MIN_KEY_LENGTH) {
			throw new InvalidConfigurationPropertyValueException(PREFIX + "quic.stateless-reset-key", "******",
					"Must have at least " + MIN_KEY_LENGTH + " characters.");
		}
		return new StatelessReset(key);
	}

	private static @Nullable Path qlogDirectory(@Nullable File directory) {
		if (directory == null) {
			return null;
		}
		try {
			Path path = Files.createDirectories(directory.toPath());
			if (Files.isWritable(path)) {
				logger.warn("Each HTTP/3 connection writes a qlog file to " + path.toAbsolutePath()
						+ ", which costs much time and space");
				return path;
			}
		}
		catch (IOException ex) {
			logger.debug("No directory for qlog files", ex);
		}
		throw new InvalidConfigurationPropertyValueException(PREFIX + "quic.qlog-directory", directory,
				"Must be a directory that can be written to, or that can be created.");
	}

	private ShutdownPolicy mapShutdown(Http3ServerProperties.Shutdown shutdown) {
		return new ShutdownPolicy(
				Optional.ofNullable(shutdown.getGoawayDelay())
					.map((delay) -> duration("shutdown.goaway-delay", delay, Duration.ZERO, MAX_DURATION)),
				Optional.ofNullable(shutdown.getGracePeriod())
					.map((period) -> duration("shutdown.grace-period", period, Duration.ZERO, MAX_DURATION))
					.orElseGet(this.shutdownPhase::defaultGracePeriod),
				duration("shutdown.spread", shutdown.getSpread(), Duration.ZERO, MAX_DURATION),
				duration("shutdown.linger", shutdown.getLinger(), Duration.ZERO, MAX_DURATION));
	}

	/**
	 * Return the time for which both servers go on serving before a graceful shutdown,
	 * none before an immediate one.
	 * @throws InvalidConfigurationPropertyValueException if a value is not allowed
	 */
	static Duration preShutdownDelay(Http3ServerProperties.Shutdown properties, Shutdown shutdown,
			Duration phaseTimeout) {
		Duration delay = duration("shutdown.pre-shutdown-delay", properties.getPreShutdownDelay(), Duration.ZERO,
				MAX_DURATION);
		if (!delay.isZero() && delay.compareTo(phaseTimeout) >= 0) {
			throw new InvalidConfigurationPropertyValueException(PREFIX + "shutdown.pre-shutdown-delay", delay,
					"Must be less than 'spring.lifecycle.timeout-per-shutdown-phase' (" + phaseTimeout
							+ "), which bounds each step of a shutdown.");
		}
		return (shutdown == Shutdown.GRACEFUL) ? delay : Duration.ZERO;
	}

	/**
	 * Return the time to wait for a UDP port that is taken.
	 * @throws InvalidConfigurationPropertyValueException if a value is not allowed
	 */
	static Duration bindTimeout(Http3ServerProperties.Udp udp) {
		return duration("udp.bind-timeout", udp.getBindTimeout(), Duration.ZERO, MAX_DURATION);
	}

	/**
	 * Return the value of the Alt-Svc header (RFC 7838 sections 3 and 3.1).
	 * @param localPort the port that the server listens on
	 */
	static String altSvc(Http3ServerProperties.AltSvc altSvc, int localPort) {
		int port = (altSvc.getPort() != null) ? altSvc.getPort() : localPort;
		return "h3=\":" + port + "\"; ma=" + altSvc.getMaxAge().toSeconds() + (altSvc.isPersist() ? "; persist=1" : "");
	}

	private static void check(Http3ServerProperties.AltSvc altSvc) {
		if (altSvc.getPort() != null) {
			range("alt-svc.port", altSvc.getPort(), 1, 65535);
		}
		duration("alt-svc.max-age", altSvc.getMaxAge(), Duration.ZERO, Duration.ofSeconds(Integer.MAX_VALUE));
	}

	private static long range(String name, long value, long minimum, long maximum) {
		return check(name, value, value >= minimum && value <= maximum, value, minimum, maximum);
	}

	private static long bytes(String name, DataSize value, long minimum, long maximum) {
		long bytes = value.toBytes();
		return check(name, bytes, bytes >= minimum && bytes <= maximum, value, minimum + "B", maximum + "B");
	}

	private static Duration duration(String name, Duration value, Duration minimum, Duration maximum) {
		boolean valid = value.compareTo(minimum) >= 0 && value.compareTo(maximum) <= 0;
		return check(name, value, valid, value, minimum, maximum);
	}

	private static <T> T check(String name, T result, boolean valid, @Nullable Object value, Object minimum,
			Object maximum) {
		if (!valid) {
			throw new InvalidConfigurationPropertyValueException(PREFIX + name, value,
					"Must be between " + minimum + " and " + maximum + ".");
		}
		return result;
	}

}
