package io.github.http3spring.netty.path;

import java.net.InetSocketAddress;
import java.time.Duration;

import io.github.http3spring.netty.stack.QuicStatistics;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionPathStats;

/**
 * An address that a client has come to: whether the client has shown that it owns it, and
 * what it may get until then (RFC 9000 sections 8.2 and 9.3). Confined to the event loop
 * of the connections.
 */
final class ClientAddress {

	/**
	 * Time after which the validation of an address is begun again; doubled each time.
	 * RFC 9000 section 8.2.4 takes three probe timeouts, of which nothing is known here:
	 * until then, little can be sent.
	 */
	static final Duration FIRST_TIMEOUT = Duration.ofMillis(100);

	/**
	 * Bytes that may be sent for each one that was received (RFC 9000 section 9.3.1).
	 */
	private static final int AMPLIFICATION = 3;

	/**
	 * Bytes that a host gets without that, of which another port is validated: the
	 * initial window of RFC 9002 section 7.2.
	 */
	static final int HOST_CREDIT = 12_000;

	/**
	 * Time after which such a host gets a probe. Without any, nobody would send anything
	 * any more if a challenge is lost and the client waits for the rest of a response.
	 */
	static final Duration PROBE_INTERVAL = Duration.ofMillis(100);

	/**
	 * Size of a probe (RFC 9002 section 6.2.4).
	 */
	private static final int PROBE = 2 * 1500;

	/**
	 * What quiche says of a path whose owner has answered a challenge.
	 */
	private static final int STATE_VALIDATED = 2;

	private static final int STATE_FAILED = -1;

	private final InetSocketAddress address;

	private final QuicChannel channel;

	private final boolean knownHost;

	private InetSocketAddress path;

	private boolean adopted;

	private boolean validated;

	private long received;

	private long sent;

	private long sentAt;

	private long timeout = FIRST_TIMEOUT.toNanos();

	private long retryAt;

	/**
	 * Create an address from which a packet has come.
	 * @param address the address
	 * @param channel the connection that validates it
	 * @param knownHost whether another port of the same host is validated
	 */
	ClientAddress(InetSocketAddress address, QuicChannel channel, boolean knownHost) {
		this.address = address;
		this.channel = channel;
		this.knownHost = knownHost;
		this.path = address;
	}

	InetSocketAddress address() {
		return this.address;
	}

	QuicChannel channel() {
		return this.channel;
	}

	/**
	 * Return the address by which quiche knows the path that it validates.
	 */
	InetSocketAddress path() {
		return this.path;
	}

	/**
	 * Return whether packets were sent to it, or would have been.
	 */
	boolean isAdopted() {
		return this.adopted;
	}

	/**
	 * Note that the client has moved here.
	 */
	void adopt() {
		this.adopted = true;
	}

	/**
	 * Note that quiche validates it from now on.
	 */
	void validationBegun(long now) {
		this.retryAt = now + this.timeout;
		this.timeout *= 2;
	}

	/**
	 * Let quiche validate it once more.
	 * @param path a path that quiche does not know
	 * @param now the time
	 */
	void validateAgain(InetSocketAddress path, long now) {
		this.path = path;
		validationBegun(now);
	}

	/**
	 * Return whether it is time to validate it once more.
	 */
	boolean isRetryDue(long now) {
		return !this.validated && now - this.retryAt >= 0;
	}

	boolean isFailed() {
		QuicConnectionPathStats stats = QuicStatistics.path(this.channel, this.path);
		return stats != null && stats.validationState() == STATE_FAILED;
	}

	boolean isValidated() {
		return this.validated;
	}

	/**
	 * Return whether the client has shown since the last call that it owns the address.
	 */
	boolean checkValidated() {
		if (this.validated || !this.adopted) {
			return false;
		}
		QuicConnectionPathStats stats = QuicStatistics.path(this.channel, this.path);
		this.validated = stats != null && stats.validationState() >= STATE_VALIDATED;
		return this.validated;
	}

	void received(int length) {
		this.received += length;
	}

	void sent(int length, long now) {
		this.sent += length;
		this.sentAt = now;
	}

	/**
	 * Return whether so much may be sent before the address is validated.
	 */
	boolean mayGet(int length, long now) {
		if (this.sent + length <= AMPLIFICATION * this.received + (this.knownHost ? HOST_CREDIT : 0)) {
			return true;
		}
		return this.knownHost && length <= PROBE && now - this.sentAt >= PROBE_INTERVAL.toNanos();
	}

}
