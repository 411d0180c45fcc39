package io.github.http3spring.netty.settings;

import java.io.File;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.incubator.codec.quic.QLogConfiguration;
import io.netty.incubator.codec.quic.QuicChannelOption;
import io.netty.incubator.codec.quic.QuicCongestionControlAlgorithm;
import io.netty.incubator.codec.quic.QuicServerCodecBuilder;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.Http3SettingsSpec;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * Transport parameters of RFC 9000 section 18.2, the congestion control of RFC 9002 and
 * what else is set for QUIC. Bound to the properties of 'http3.server.quic', and applied
 * to the codec as it is.
 *
 * @param maxIdleTimeout Silence after which a connection ends.
 * @param handshakeTimeout Time after which a connection whose handshake has not come to
 * its end is refused.
 * @param initialMaxData Data that a client may send on a connection before it gets more
 * credit.
 * @param initialMaxStreamDataBidiLocal Data that a client may send on a stream opened by
 * the server before it gets more credit.
 * @param initialMaxStreamDataBidiRemote Data that a client may send on a request stream
 * before it gets more credit.
 * @param initialMaxStreamDataUni Data that a client may send on a unidirectional stream
 * before it gets more credit.
 * @param initialMaxStreamsBidi Number of requests that a client may have open on a
 * connection.
 * @param initialMaxStreamsUni Number of unidirectional streams that a client may have
 * open on a connection.
 * @param maxUdpPayloadSize Largest UDP payload to send and to receive. Defaults to 1452B
 * for sending, or 1200B, which every path carries, without 'discover-pmtu', and to 2048B
 * for receiving.
 * @param ackDelayExponent Exponent to encode acknowledgement delays with.
 * @param maxAckDelay Longest time for which an acknowledgement is held back.
 * @param activeConnectionIdLimit Number of connection ids of a client that are stored.
 * @param activeMigration Whether clients may change their address on purpose.
 * @param congestionControl Congestion control algorithm.
 * @param initialCongestionWindowPackets Number of packets that may be in flight at the
 * start of a connection.
 * @param hystart Whether HyStart++ ends slow start early.
 * @param addressValidation When clients have to prove that they own their address, which
 * takes one more round trip: 'adaptive' while very many handshakes are under way.
 * @param statelessResetKey Secret of at least 32 characters by which clients learn at
 * once that the server has crashed. The same in each run of an instance, another one for
 * each instance. By default they learn by 'max-idle-timeout'.
 * @param serverId Server id by which a load balancer finds this instance by its
 * connection ids (QUIC-LB), in hexadecimal digits. Another one for each instance.
 * Defaults to that of AWS' load balancer controller, if there is one.
 * @param serverIdNonceLength Number of bytes that follow the server id, as the load
 * balancer has it. Defaults to as many as make 16 bytes together.
 * @param serverIdConfigRotation Codepoint of the configuration that the load balancer
 * knows the server id by.
 * @param serverIdKey Secret of 16 bytes, in hexadecimal digits, with which the load
 * balancer decrypts server ids. By default they are readable.
 * @param discoverPmtu Whether to find out by probes how large packets a path carries, up
 * to 'max-udp-payload-size'. Not where datagrams would be fragmented: without epoll and
 * before Java 19.
 * @param qlogDirectory Directory for a qlog file of each connection, which costs much
 * time and space. By default there are none.
 * @param keyLog File to append the TLS secrets of all connections to, with which tools
 * like Wireshark decrypt them. By default there is none.
 */
public record QuicSettings(@DefaultValue("30s") Duration maxIdleTimeout, @DefaultValue("10s") Duration handshakeTimeout,
		@DefaultValue("256KB") DataSize initialMaxData, @DefaultValue("128KB") DataSize initialMaxStreamDataBidiLocal,
		@DefaultValue("128KB") DataSize initialMaxStreamDataBidiRemote,
		@DefaultValue("32KB") DataSize initialMaxStreamDataUni, @DefaultValue("100") long initialMaxStreamsBidi,
		@DefaultValue("16") long initialMaxStreamsUni, @Nullable DataSize maxUdpPayloadSize,
		@DefaultValue("3") int ackDelayExponent, @DefaultValue("25ms") Duration maxAckDelay,
		@DefaultValue("64") int activeConnectionIdLimit, @DefaultValue("true") boolean activeMigration,
		@DefaultValue("cubic") CongestionControl congestionControl,
		@DefaultValue("10") int initialCongestionWindowPackets, @DefaultValue("true") boolean hystart,
		@DefaultValue("adaptive") AddressValidation addressValidation, @Nullable String statelessResetKey,
		@Nullable String serverId, @Nullable Integer serverIdNonceLength, @DefaultValue("0") int serverIdConfigRotation,
		@Nullable String serverIdKey, @DefaultValue("true") boolean discoverPmtu, @Nullable File qlogDirectory,
		@Nullable File keyLog) {

	private static final String PREFIX = "http3.server.quic.";

	/**
	 * Largest value of a variable-length integer (RFC 9000 section 16).
	 */
	private static final long MAX_VARINT = (1L << 62) - 1;

	private static final int MIN_KEY_LENGTH = 32;

	/**
	 * Payload that every path has to carry (RFC 9000 section 14).
	 */
	static final long DEFAULT_SEND_UDP_PAYLOAD = 1200;

	/**
	 * Payload that fills an Ethernet frame, with the headers of IPv6 and UDP.
	 */
	static final long DISCOVERED_SEND_UDP_PAYLOAD = 1452;

	/**
	 * Size of the buffers that datagrams are received into.
	 */
	static final long DEFAULT_RECEIVE_UDP_PAYLOAD = 2048;

	/**
	 * Check the values.
	 * @throws InvalidConfigurationPropertyValueException if one is not allowed
	 */
	public QuicSettings {
		// A zero would switch the timeout off (RFC 9000 section 18.2)
		PropertyRange.duration(PREFIX + "max-idle-timeout", maxIdleTimeout, PropertyRange.MIN_DURATION,
				Duration.ofMillis(MAX_VARINT));
		PropertyRange.duration(PREFIX + "handshake-timeout", handshakeTimeout, PropertyRange.MIN_DURATION,
				PropertyRange.MAX_DURATION);
		// Limits of zero would let no request in
		PropertyRange.size(PREFIX + "initial-max-data", initialMaxData, 1, MAX_VARINT);
		PropertyRange.size(PREFIX + "initial-max-stream-data-bidi-local", initialMaxStreamDataBidiLocal, 0, MAX_VARINT);
		PropertyRange.size(PREFIX + "initial-max-stream-data-bidi-remote", initialMaxStreamDataBidiRemote, 1,
				MAX_VARINT);
		// RFC 9114 section 6.2
		PropertyRange.size(PREFIX + "initial-max-stream-data-uni", initialMaxStreamDataUni, 1024, MAX_VARINT);
		PropertyRange.number(PREFIX + "initial-max-streams-bidi", initialMaxStreamsBidi, 1, PropertyRange.MAX_STREAMS);
		// RFC 9114 section 6.2: control stream and both QPACK streams
		PropertyRange.number(PREFIX + "initial-max-streams-uni", initialMaxStreamsUni, 3, PropertyRange.MAX_STREAMS);
		PropertyRange.size(PREFIX + "max-udp-payload-size", maxUdpPayloadSize, 1200, 65527);
		PropertyRange.number(PREFIX + "ack-delay-exponent", ackDelayExponent, 0, 20);
		PropertyRange.duration(PREFIX + "max-ack-delay", maxAckDelay, Duration.ZERO, Duration.ofMillis((1 << 14) - 1));
		PropertyRange.number(PREFIX + "active-connection-id-limit", activeConnectionIdLimit, 2, MAX_VARINT);
		PropertyRange.number(PREFIX + "initial-congestion-window-packets", initialCongestionWindowPackets, 1, 10_000);
		if (statelessResetKey != null && statelessResetKey.length() < MIN_KEY_LENGTH) {
			throw new InvalidConfigurationPropertyValueException(PREFIX + "stateless-reset-key", PropertyRange.HIDDEN,
					"Must have at least " + MIN_KEY_LENGTH + " characters.");
		}
		RoutableServer.check(serverId, serverIdNonceLength, serverIdConfigRotation, serverIdKey);
	}

	/**
	 * Set up the codec.
	 * @param builder the builder of the codec
	 * @param mayFragment whether the way to a client may cut datagrams into fragments, so
	 * that a probe that gets through tells nothing
	 */
	public void applyTo(QuicServerCodecBuilder builder, boolean mayFragment) {
		boolean discover = this.discoverPmtu && !mayFragment;
		builder.maxIdleTimeout(this.maxIdleTimeout.toMillis(), TimeUnit.MILLISECONDS)
			.initialMaxData(this.initialMaxData.toBytes())
			.initialMaxStreamDataBidirectionalLocal(this.initialMaxStreamDataBidiLocal.toBytes())
			.initialMaxStreamDataBidirectionalRemote(this.initialMaxStreamDataBidiRemote.toBytes())
			.initialMaxStreamDataUnidirectional(this.initialMaxStreamDataUni.toBytes())
			.initialMaxStreamsBidirectional(this.initialMaxStreamsBidi)
			.initialMaxStreamsUnidirectional(this.initialMaxStreamsUni)
			.ackDelayExponent(this.ackDelayExponent)
			.maxAckDelay(this.maxAckDelay.toMillis(), TimeUnit.MILLISECONDS)
			.activeConnectionIdLimit(this.activeConnectionIdLimit)
			.activeMigration(this.activeMigration)
			.congestionControlAlgorithm(QuicCongestionControlAlgorithm.valueOf(this.congestionControl.name()))
			.initialCongestionWindowPackets(this.initialCongestionWindowPackets)
			.hystart(this.hystart)
			.discoverPmtu(discover);
		builder.maxSendUdpPayloadSize(sendUdpPayload(discover)).maxRecvUdpPayloadSize(receiveUdpPayload());
		if (this.qlogDirectory != null) {
			// Netty names each file after the connection id
			builder.option(QuicChannelOption.QLOG,
					new QLogConfiguration(this.qlogDirectory.toString(), "http3-server", ""));
		}
	}

	/**
	 * When clients have to prove, by one more round trip, that they own the address that
	 * they send from (RFC 9000 section 8.1.2).
	 */
	public enum AddressValidation {

		/**
		 * Never.
		 */
		NEVER,

		/**
		 * While very many handshakes are under way, as in an attack from forged
		 * addresses.
		 */
		ADAPTIVE,

		/**
		 * Always.
		 */
		ALWAYS

	}

	/**
	 * Return the bytes in the largest UDP payload to send.
	 */
	public long sendUdpPayload() {
		return sendUdpPayload(this.discoverPmtu);
	}

	private long sendUdpPayload(boolean discover) {
		return udpPayload(discover ? DISCOVERED_SEND_UDP_PAYLOAD : DEFAULT_SEND_UDP_PAYLOAD);
	}

	/**
	 * Return the bytes in the largest UDP payload to receive.
	 */
	public int receiveUdpPayload() {
		return (int) udpPayload(DEFAULT_RECEIVE_UDP_PAYLOAD);
	}

	private long udpPayload(long defaultPayload) {
		return (this.maxUdpPayloadSize != null) ? this.maxUdpPayloadSize.toBytes() : defaultPayload;
	}

	/**
	 * Set what Reactor Netty itself applies. This matters only if its codec cannot be
	 * replaced by ours.
	 * @param spec the settings of Reactor Netty
	 */
	public void applyTo(Http3SettingsSpec.Builder spec) {
		spec.idleTimeout(this.maxIdleTimeout)
			.maxData(this.initialMaxData.toBytes())
			.maxStreamDataBidirectionalLocal(this.initialMaxStreamDataBidiLocal.toBytes())
			.maxStreamDataBidirectionalRemote(this.initialMaxStreamDataBidiRemote.toBytes())
			.maxStreamsBidirectional(this.initialMaxStreamsBidi);
	}

	/**
	 * Return the name of the type alone: the values include a secret.
	 */
	@Override
	public String toString() {
		return getClass().getSimpleName();
	}

	/**
	 * Congestion control algorithms that quiche offers.
	 */
	public enum CongestionControl {

		/**
		 * NewReno (RFC 9002 section 7).
		 */
		RENO,

		/**
		 * CUBIC (RFC 9438).
		 */
		CUBIC,

		/**
		 * BBR.
		 */
		BBR

	}

}
