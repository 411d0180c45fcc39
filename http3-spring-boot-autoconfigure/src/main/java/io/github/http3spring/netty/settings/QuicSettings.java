package io.github.http3spring.netty.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.netty.tls.StatelessReset;
import io.netty.incubator.codec.quic.QLogConfiguration;
import io.netty.incubator.codec.quic.QuicChannelOption;
import io.netty.incubator.codec.quic.QuicCongestionControlAlgorithm;
import io.netty.incubator.codec.quic.QuicServerCodecBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Transport parameters of RFC 9000 section 18.2 and the congestion control of RFC 9002
 * that the server uses.
 *
 * @param maxIdleTimeout silence after which a connection ends
 * @param initialMaxData bytes that a client may send on a connection before it gets more
 * credit
 * @param initialMaxStreamDataBidiLocal likewise on a stream that the server opens
 * @param initialMaxStreamDataBidiRemote likewise on a request stream
 * @param initialMaxStreamDataUni likewise on a unidirectional stream
 * @param initialMaxStreamsBidi requests that a client may have open
 * @param initialMaxStreamsUni unidirectional streams that a client may have open
 * @param maxUdpPayloadSize bytes in the largest UDP payload to send and to receive,
 * {@code null} for {@value #DEFAULT_SEND_UDP_PAYLOAD}
 * ({@value #DISCOVERED_SEND_UDP_PAYLOAD} if the path is probed) and
 * {@value #DEFAULT_RECEIVE_UDP_PAYLOAD}
 * @param ackDelayExponent exponent to encode acknowledgement delays with
 * @param maxAckDelay longest time for which an acknowledgement is held back
 * @param activeConnectionIdLimit connection ids of the client that are stored
 * @param activeMigration whether clients may change their address on purpose
 * @param congestionControl algorithm of the congestion control
 * @param initialCongestionWindowPackets packets that may be in flight at first
 * @param hystart whether HyStart++ ends slow start early
 * @param addressValidation when clients have to prove that they own their address
 * @param discoverPmtu whether to send more than {@value #DEFAULT_SEND_UDP_PAYLOAD} bytes
 * only where a probe has shown that the path carries it (RFC 9000 section 14.3)
 * @param qlogDirectory directory for a qlog file of each connection, {@code null} for
 * none
 * @param statelessReset tells clients of a crash, {@code null} if nobody does
 */
public record QuicSettings(Duration maxIdleTimeout, long initialMaxData, long initialMaxStreamDataBidiLocal,
		long initialMaxStreamDataBidiRemote, long initialMaxStreamDataUni, long initialMaxStreamsBidi,
		long initialMaxStreamsUni, @Nullable Long maxUdpPayloadSize, long ackDelayExponent, Duration maxAckDelay,
		long activeConnectionIdLimit, boolean activeMigration, CongestionControl congestionControl,
		int initialCongestionWindowPackets, boolean hystart, AddressValidation addressValidation, boolean discoverPmtu,
		@Nullable Path qlogDirectory, @Nullable StatelessReset statelessReset) {

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

	public void applyTo(QuicServerCodecBuilder builder) {
		builder.maxIdleTimeout(this.maxIdleTimeout.toMillis(), TimeUnit.MILLISECONDS)
			.initialMaxData(this.initialMaxData)
			.initialMaxStreamDataBidirectionalLocal(this.initialMaxStreamDataBidiLocal)
			.initialMaxStreamDataBidirectionalRemote(this.initialMaxStreamDataBidiRemote)
			.initialMaxStreamDataUnidirectional(this.initialMaxStreamDataUni)
			.initialMaxStreamsBidirectional(this.initialMaxStreamsBidi)
			.initialMaxStreamsUnidirectional(this.initialMaxStreamsUni)
			.ackDelayExponent(this.ackDelayExponent)
			.maxAckDelay(this.maxAckDelay.toMillis(), TimeUnit.MILLISECONDS)
			.activeConnectionIdLimit(this.activeConnectionIdLimit)
			.activeMigration(this.activeMigration)
			.congestionControlAlgorithm(QuicCongestionControlAlgorithm.valueOf(this.congestionControl.name()))
			.initialCongestionWindowPackets(this.initialCongestionWindowPackets)
			.hystart(this.hystart)
			.discoverPmtu(this.discoverPmtu);
		Long payload = this.maxUdpPayloadSize;
		builder.maxSendUdpPayloadSize(sendUdpPayload())
			.maxRecvUdpPayloadSize((payload != null) ? payload : DEFAULT_RECEIVE_UDP_PAYLOAD);
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
		long defaultPayload = this.discoverPmtu ? DISCOVERED_SEND_UDP_PAYLOAD : DEFAULT_SEND_UDP_PAYLOAD;
		return (this.maxUdpPayloadSize != null) ? this.maxUdpPayloadSize : defaultPayload;
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
