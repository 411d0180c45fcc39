package io.github.http3spring.autoconfigure;

import java.io.File;
import java.net.InetAddress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

import io.github.http3spring.netty.settings.Http3ServerSettings;
import io.github.http3spring.netty.settings.PropertyRange;
import io.github.http3spring.netty.settings.QuicSettings;
import io.github.http3spring.netty.settings.UdpBuffers;
import io.github.http3spring.shutdown.ConnectionPolicy;
import io.github.http3spring.shutdown.ShutdownPolicy;
import io.github.http3spring.web.OnShutdown;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

/**
 * Properties of the HTTP/3 server. Each part checks itself, and becomes what it sets.
 *
 * @param enabled Whether to serve HTTP/3. When set to true explicitly, missing TLS fails
 * the start.
 * @param port UDP port, 0 for a free one. Defaults to the port of the TCP server.
 * @param address Network address to bind to. Defaults to that of the TCP server.
 * @param workers Number of event loops, each with a UDP socket on the same port. Defaults
 * to the number of cores with the epoll transport, and to 1 otherwise.
 * @param maxConnections Number of connections above which new ones are refused, 0 for no
 * limit. Defaults to one for each 64KB that the heap may grow to, and at least 1024.
 * @param maxOpenRequests Number of requests that may be open on all connections together,
 * 0 for no limit; above it, those of connections are rejected that have an equal part of
 * them open. Defaults to one for each 256KB that the heap may grow to, and at least 1024.
 * @param maxUndeliveredData Bytes that may have arrived on all connections together and
 * not been delivered to handlers; above it, the connection that holds most is closed.
 * Defaults to a sixteenth of what the heap may grow to, and at least 16MB.
 * @param maxUnsentData Bytes of responses that the transport may hold on all connections
 * together, unsent or not acknowledged; above it, each connection gets 256KB, and those
 * whose client acknowledges nothing for 5 seconds are closed. Defaults to a quarter of
 * what the heap may grow to, and at least 64MB.
 * @param maxHeaderSize Largest header or trailer section of a request, uncompressed and
 * with 32 bytes more for each field. Defaults to 'server.max-http-request-header-size'.
 * @param requestTimeout Time after which a request is ended whose header has not arrived,
 * or nothing more of its content, 0 for no limit.
 * @param minUploadRate Bytes per second of a request's content that have to arrive on
 * average over 'request-timeout', 0 for anything at all.
 * @param ssl TLS.
 * @param udp UDP socket.
 * @param quic QUIC transport.
 * @param shutdown Graceful shutdown.
 * @param connection Limits of each connection.
 * @param altSvc Advertisement of HTTP/3 on responses of the TCP server.
 */
@ConfigurationProperties("http3.server")
public record Http3ServerProperties(@DefaultValue("true") boolean enabled, @Nullable Integer port,
		@Nullable InetAddress address, @Nullable Integer workers, @Nullable Integer maxConnections,
		@Nullable Integer maxOpenRequests, @Nullable DataSize maxUndeliveredData, @Nullable DataSize maxUnsentData,
		@Nullable DataSize maxHeaderSize, @DefaultValue("60s") Duration requestTimeout,
		@DefaultValue("1B") DataSize minUploadRate, @DefaultValue Ssl ssl, @DefaultValue Udp udp,
		@DefaultValue @NestedConfigurationProperty QuicSettings quic, @DefaultValue Shutdown shutdown,
		@DefaultValue Connection connection, @DefaultValue AltSvc altSvc) {

	private static final String PREFIX = "http3.server.";

	/**
	 * Check the values.
	 * @throws InvalidConfigurationPropertyValueException if one is not allowed
	 */
	public Http3ServerProperties {
		PropertyRange.number(PREFIX + "port", port, 0, 65535);
		PropertyRange.number(PREFIX + "workers", workers, 1, Http3ServerSettings.MAX_WORKERS);
		PropertyRange.number(PREFIX + "max-connections", maxConnections, 0, Integer.MAX_VALUE);
		PropertyRange.number(PREFIX + "max-open-requests", maxOpenRequests, 0, Integer.MAX_VALUE);
		PropertyRange.size(PREFIX + "max-undelivered-data", maxUndeliveredData, 1, Long.MAX_VALUE);
		PropertyRange.size(PREFIX + "max-unsent-data", maxUnsentData, 1, Long.MAX_VALUE);
		PropertyRange.duration(PREFIX + "request-timeout", requestTimeout);
		PropertyRange.size(PREFIX + "min-upload-rate", minUploadRate, 0, Integer.MAX_VALUE);
	}

	/**
	 * TLS.
	 *
	 * @param bundle Name of the SSL bundle with the default certificate. Defaults to that
	 * of 'server.ssl'.
	 * @param earlyData Whether clients that come back may send requests before the end of
	 * the handshake (0-RTT). Such requests can be replayed by anyone; those of other
	 * methods than GET, HEAD, OPTIONS and TRACE are answered with 425. Of no effect with
	 * client authentication.
	 * @param developmentCertificate Whether to make a certificate for localhost and the
	 * loopback addresses at the start, for the TCP server too, unless 'server.ssl' has
	 * one. Fails the start with a profile for production.
	 * @param developmentCertificateDirectory Directory to keep the development
	 * certificate and its key in. Defaults to '.http3-spring' in the user's home.
	 */
	public record Ssl(@Nullable String bundle, @DefaultValue("false") boolean earlyData,
			@DefaultValue("false") boolean developmentCertificate, @Nullable File developmentCertificateDirectory) {

	}

	/**
	 * UDP socket.
	 *
	 * @param receiveBufferSize Size of the receive buffer to ask the system for: bursts
	 * of datagrams that do not fit are lost.
	 * @param sendBufferSize Size of the send buffer to ask the system for.
	 * @param bindTimeout Time to wait at the start for a port that is taken, by a process
	 * that is shutting down.
	 */
	public record Udp(@DefaultValue("2MB") DataSize receiveBufferSize, @DefaultValue("2MB") DataSize sendBufferSize,
			@DefaultValue("5s") Duration bindTimeout) {

		private static final String PREFIX = Http3ServerProperties.PREFIX + "udp.";

		/**
		 * Room for one datagram and what Linux adds to it.
		 */
		private static final long MIN_BUFFER = 4096;

		/**
		 * Linux takes twice the size in a signed integer.
		 */
		private static final long MAX_BUFFER = (1L << 30) - 1;

		/**
		 * Check the values.
		 * @throws InvalidConfigurationPropertyValueException if one is not allowed
		 */
		public Udp {
			PropertyRange.size(PREFIX + "receive-buffer-size", receiveBufferSize, MIN_BUFFER, MAX_BUFFER);
			PropertyRange.size(PREFIX + "send-buffer-size", sendBufferSize, MIN_BUFFER, MAX_BUFFER);
			PropertyRange.duration(PREFIX + "bind-timeout", bindTimeout);
		}

		UdpBuffers buffers() {
			return new UdpBuffers((int) this.receiveBufferSize.toBytes(), (int) this.sendBufferSize.toBytes());
		}

	}

	/**
	 * Graceful shutdown.
	 *
	 * @param goawayDelay Time between the first GOAWAY, after which requests are still
	 * served, and the final one, after which they are rejected. By default three probe
	 * timeouts of each connection, between 50ms and 1s.
	 * @param gracePeriod Time after which requests that are still open are cut off. By
	 * default somewhat less than 'spring.lifecycle.timeout-per-shutdown-phase'.
	 * @param spread Time over which the first GOAWAYs of all connections are spread.
	 * @param linger Most time to leave a client, before the close of its connection makes
	 * it discard the rest, to read a response that fits into its window, so that its pace
	 * is unknown.
	 * @param eventStreams What becomes of Server-Sent Events when the shutdown of the
	 * server or of their connection starts.
	 * @param preShutdownDelay Time for which the application goes on serving over TCP and
	 * HTTP/3 before its graceful shutdown starts, for load balancers to notice that it is
	 * not ready any more.
	 */
	public record Shutdown(@Nullable Duration goawayDelay, @Nullable Duration gracePeriod,
			@DefaultValue("0") Duration spread, @DefaultValue("5s") Duration linger,
			@DefaultValue("complete") EventStreams eventStreams, @DefaultValue("0") Duration preShutdownDelay) {

		private static final String PREFIX = Http3ServerProperties.PREFIX + "shutdown.";

		/**
		 * Check the values.
		 * @throws InvalidConfigurationPropertyValueException if one is not allowed
		 */
		public Shutdown {
			PropertyRange.duration(PREFIX + "goaway-delay", goawayDelay);
			PropertyRange.duration(PREFIX + "grace-period", gracePeriod);
			PropertyRange.duration(PREFIX + "spread", spread);
			PropertyRange.duration(PREFIX + "linger", linger);
			PropertyRange.duration(PREFIX + "pre-shutdown-delay", preShutdownDelay);
		}

		ShutdownPolicy policy(Duration defaultGracePeriod) {
			return new ShutdownPolicy(this.goawayDelay,
					(this.gracePeriod != null) ? this.gracePeriod : defaultGracePeriod, this.spread, this.linger);
		}

		/**
		 * Return the delay before a graceful shutdown.
		 * @param phaseTimeout what it has to be shorter than
		 * @throws InvalidConfigurationPropertyValueException if it is not
		 */
		Duration preShutdownDelay(Duration phaseTimeout) {
			if (!this.preShutdownDelay.isZero() && this.preShutdownDelay.compareTo(phaseTimeout) >= 0) {
				throw new InvalidConfigurationPropertyValueException(PREFIX + "pre-shutdown-delay",
						this.preShutdownDelay, "Must be less than 'spring.lifecycle.timeout-per-shutdown-phase' ("
								+ phaseTimeout + "), which bounds each step of a shutdown.");
			}
			return this.preShutdownDelay;
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
	 *
	 * @param maxAge Age at which a connection is shut down gracefully. By default there
	 * is no limit.
	 * @param maxAgeJitter Most by which the age of a connection deviates at random. By
	 * default a tenth of the age.
	 * @param maxAgeGrace Time after which requests that are still open on such a
	 * connection are cut off.
	 * @param maxRequests Number of requests after which a connection is shut down
	 * gracefully, 0 for no limit.
	 * @param keepAliveTimeout Time without any request after which a connection is shut
	 * down gracefully, whatever else its client sends, 0 for no limit.
	 * @param maxResets Number of requests that a client may reset per second before its
	 * connection is closed, 0 for no limit. Defaults to twice
	 * 'quic.initial-max-streams-bidi'.
	 * @param maxEmptyFrames Number of frames without content that a client may send per
	 * second before its connection is closed, 0 for no limit.
	 * @param maxUndeliveredData Bytes that may have arrived and not been delivered to
	 * handlers before the connection is closed. Defaults to twice
	 * 'quic.initial-max-data', and at least 16MB.
	 * @param maxUnsentData Bytes of responses that the transport may hold without having
	 * sent them.
	 */
	public record Connection(@Nullable Duration maxAge, @Nullable Duration maxAgeJitter,
			@DefaultValue("30s") Duration maxAgeGrace, @DefaultValue("0") long maxRequests,
			@DefaultValue("2m") Duration keepAliveTimeout, @Nullable Integer maxResets,
			@DefaultValue("1000") int maxEmptyFrames, @Nullable DataSize maxUndeliveredData,
			@DefaultValue("4MB") DataSize maxUnsentData) {

		private static final String PREFIX = Http3ServerProperties.PREFIX + "connection.";

		/**
		 * Check the values.
		 * @throws InvalidConfigurationPropertyValueException if one is not allowed
		 */
		public Connection {
			PropertyRange.duration(PREFIX + "max-age", maxAge, PropertyRange.MIN_DURATION, PropertyRange.MAX_DURATION);
			PropertyRange.duration(PREFIX + "max-age-jitter", maxAgeJitter, Duration.ZERO,
					(maxAge != null) ? maxAge : PropertyRange.MAX_DURATION);
			PropertyRange.duration(PREFIX + "max-age-grace", maxAgeGrace);
			PropertyRange.number(PREFIX + "max-requests", maxRequests, 0, PropertyRange.MAX_STREAMS);
			PropertyRange.duration(PREFIX + "keep-alive-timeout", keepAliveTimeout);
			PropertyRange.number(PREFIX + "max-resets", maxResets, 0, Integer.MAX_VALUE);
			PropertyRange.number(PREFIX + "max-empty-frames", maxEmptyFrames, 0, Integer.MAX_VALUE);
			PropertyRange.size(PREFIX + "max-undelivered-data", maxUndeliveredData, 1, Long.MAX_VALUE);
			PropertyRange.size(PREFIX + "max-unsent-data", maxUnsentData, 1, Long.MAX_VALUE);
		}

		ConnectionPolicy policy() {
			Duration tenth = (this.maxAge != null) ? this.maxAge.dividedBy(10) : Duration.ZERO;
			return new ConnectionPolicy(this.maxAge, (this.maxAgeJitter != null) ? this.maxAgeJitter : tenth,
					this.maxAgeGrace, this.maxRequests, this.keepAliveTimeout.isZero() ? null : this.keepAliveTimeout);
		}

	}

	/**
	 * Advertisement of HTTP/3 on responses of the TCP server.
	 *
	 * @param enabled Whether to advertise HTTP/3 in an Alt-Svc header.
	 * @param maxAge Time for which clients may remember the advertisement. If a duration
	 * suffix is not specified, seconds are used.
	 * @param port UDP port to advertise, where clients reach the server through another
	 * one. Defaults to the port that the server listens on.
	 * @param persist Whether clients may remember the advertisement when their network
	 * changes.
	 * @param onShutdown What responses say of HTTP/3 once readiness is withdrawn or the
	 * shutdown has started.
	 */
	public record AltSvc(@DefaultValue("true") boolean enabled,
			@DefaultValue("24h") @DurationUnit(ChronoUnit.SECONDS) Duration maxAge, @Nullable Integer port,
			@DefaultValue("false") boolean persist, @DefaultValue("clear") OnShutdown onShutdown) {

		private static final String PREFIX = Http3ServerProperties.PREFIX + "alt-svc.";

		/**
		 * Check the values.
		 * @throws InvalidConfigurationPropertyValueException if one is not allowed
		 */
		public AltSvc {
			PropertyRange.number(PREFIX + "port", port, 1, 65535);
			PropertyRange.duration(PREFIX + "max-age", maxAge, Duration.ZERO, Duration.ofSeconds(Integer.MAX_VALUE));
		}

		/**
		 * Return the value of the header (RFC 7838 sections 3 and 3.1).
		 * @param localPort the port that the server listens on
		 */
		String header(int localPort) {
			return "h3=\":" + ((this.port != null) ? this.port : localPort) + "\"; ma=" + this.maxAge.toSeconds()
					+ (this.persist ? "; persist=1" : "");
		}

	}

}
