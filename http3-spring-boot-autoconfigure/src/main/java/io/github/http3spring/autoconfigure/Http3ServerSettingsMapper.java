package io.github.http3spring.autoconfigure;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.IntSupplier;

import io.github.http3spring.netty.settings.Http3ServerSettings;
import io.github.http3spring.netty.settings.MemoryDefaults;
import io.github.http3spring.netty.settings.PropertyRange;
import io.github.http3spring.netty.settings.ReceiveLimits;
import io.github.http3spring.netty.settings.RoutableServer;
import io.github.http3spring.netty.settings.ServerLimits;
import io.github.http3spring.netty.tls.StatelessReset;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.web.ServerProperties;
import org.springframework.boot.autoconfigure.web.ServerProperties.ForwardHeadersStrategy;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * Puts together the settings of the server: the properties of HTTP/3, and those of the
 * TCP server where they are the default.
 */
final class Http3ServerSettingsMapper {

	private static final Log logger = LogFactory.getLog(Http3ServerSettingsMapper.class);

	private final Http3ServerProperties properties;

	private final MemoryDefaults memory = MemoryDefaults.ofThisProcess();

	private final ServerProperties serverProperties;

	private final ShutdownPhase shutdownPhase;

	private final boolean forwardHeaders;

	private final @Nullable String awsServerId;

	Http3ServerSettingsMapper(Http3ServerProperties properties, ServerProperties serverProperties,
			ShutdownPhase shutdownPhase, @Nullable CloudPlatform cloudPlatform, @Nullable String awsServerId) {
		this.awsServerId = awsServerId;
		this.properties = properties;
		this.serverProperties = serverProperties;
		this.shutdownPhase = shutdownPhase;
		ForwardHeadersStrategy strategy = serverProperties.getForwardHeadersStrategy();
		this.forwardHeaders = (strategy != null) ? strategy == ForwardHeadersStrategy.NATIVE
				: cloudPlatform != null && cloudPlatform.isUsingForwardHeaders();
	}

	/**
	 * Return the settings that follow from the properties.
	 * @param tcpPort the port that the TCP server got, asked for when the server starts
	 * @throws InvalidConfigurationPropertyValueException if a value is not allowed
	 */
	Http3ServerSettings map(IntSupplier tcpPort) {
		Integer port = this.properties.port();
		Integer serverPort = this.serverProperties.getPort();
		String resetKey = this.properties.quic().statelessResetKey();
		prepare(this.properties.quic().qlogDirectory());
		return new Http3ServerSettings(this.properties.address(), (port != null) ? () -> port : tcpPort,
				port == null && serverPort != null && serverPort == 0, this.properties.workers(),
				this.properties.udp().buffers(), this.properties.quic(),
				RoutableServer.connectionIds(this.properties.quic(), this.awsServerId),
				(resetKey != null) ? new StatelessReset(resetKey) : null, this.serverProperties.getShutdown(),
				this.properties.shutdown().policy(this.shutdownPhase.defaultGracePeriod()),
				this.properties.connection().policy(), limits(), this.forwardHeaders,
				this.serverProperties.getCompression(), Http3ServerSettings.SAMPLE_INTERVAL);
	}

	private ServerLimits limits() {
		Duration requestTimeout = this.properties.requestTimeout();
		Integer maxResets = this.properties.connection().maxResets();
		Integer maxConnections = this.properties.maxConnections();
		Integer maxOpenRequests = this.properties.maxOpenRequests();
		return new ServerLimits((maxConnections != null) ? maxConnections : this.memory.maxConnections(),
				this.properties.quic().initialMaxStreamsBidi(), this.properties.quic().handshakeTimeout(),
				maxHeaderSize(), requestTimeout.isZero() ? null : requestTimeout,
				this.properties.minUploadRate().toBytes(), (maxResets != null) ? maxResets : defaultMaxResets(),
				this.properties.connection().maxEmptyFrames(), receiveLimits(),
				this.properties.connection().maxUnsentData().toBytes(),
				new ServerLimits.Memory(bytes(this.properties.maxUndeliveredData(), this.memory.maxUndeliveredData()),
						bytes(this.properties.maxUnsentData(), this.memory.maxUnsentData()),
						(maxOpenRequests != null) ? maxOpenRequests : this.memory.maxOpenRequests()));
	}

	private ReceiveLimits receiveLimits() {
		long initialMaxData = this.properties.quic().initialMaxData().toBytes();
		long maximum = bytes(this.properties.connection().maxUndeliveredData(),
				this.memory.maxUndeliveredData(initialMaxData));
		Duration requestTimeout = this.properties.requestTimeout();
		return new ReceiveLimits(maximum, initialMaxData,
				this.properties.quic().initialMaxStreamDataBidiRemote().toBytes(),
				requestTimeout.isZero() ? null : requestTimeout);
	}

	private static long bytes(@Nullable DataSize size, long byDefault) {
		return (size != null) ? size.toBytes() : byDefault;
	}

	private long maxHeaderSize() {
		DataSize size = (this.properties.maxHeaderSize() != null) ? this.properties.maxHeaderSize()
				: this.serverProperties.getMaxHttpRequestHeaderSize();
		PropertyRange.size("http3.server.max-header-size", size, 1, Integer.MAX_VALUE);
		return size.toBytes();
	}

	/**
	 * A client may give up everything that it has open, and do so again at once.
	 */
	private int defaultMaxResets() {
		return (int) Math.min(Integer.MAX_VALUE, 2 * this.properties.quic().initialMaxStreamsBidi());
	}

	private static void prepare(@Nullable File qlogDirectory) {
		if (qlogDirectory == null) {
			return;
		}
		try {
			Path path = Files.createDirectories(qlogDirectory.toPath());
			if (Files.isWritable(path)) {
				logger.warn("Each HTTP/3 connection writes a qlog file to " + path.toAbsolutePath()
						+ ", which costs much time and space");
				return;
			}
		}
		catch (IOException ex) {
			logger.debug("No directory for qlog files", ex);
		}
		throw new InvalidConfigurationPropertyValueException("http3.server.quic.qlog-directory", qlogDirectory,
				"Must be a directory that can be written to, or that can be created.");
	}

}
