package io.github.http3spring.netty.settings;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Limits that protect the server from its clients.
 *
 * @param maxConnections number of connections above which new ones are refused, zero for
 * no limit
 * @param maxRequests number of requests that a client may have open on a connection
 * @param handshakeTimeout time after which a connection whose handshake has not come to
 * its end is refused
 * @param maxHeaderSize largest header or trailer section of a request, in bytes as RFC
 * 9114 section 4.2.2 counts them
 * @param requestTimeout time after which a request is ended whose header section, or
 * nothing more of its content, has arrived, {@code null} for no limit
 * @param minUploadRate bytes of content per second that a client has to send on average
 * over that time
 * @param maxResets requests that a client may reset, stop or malform on a connection per
 * second, zero for no limit
 * @param maxEmptyFrames frames without content that a client may send on a connection per
 * second, zero for no limit
 * @param receive what may wait on a connection for handlers to read
 * @param maxUnsentData bytes of the responses on a connection that the transport may hold
 * and not have sent
 * @param memory what all connections may hold together
 */
public record ServerLimits(int maxConnections, long maxRequests, Duration handshakeTimeout, long maxHeaderSize,
		@Nullable Duration requestTimeout, long minUploadRate, int maxResets, int maxEmptyFrames, ReceiveLimits receive,
		long maxUnsentData, Memory memory) {

	/**
	 * Return how much content has to arrive in some time, which is something in any case.
	 * @param time the time
	 */
	public long leastContent(Duration time) {
		return Math.max(1, this.minUploadRate * time.toMillis() / 1000);
	}

	/**
	 * What all connections may hold together.
	 *
	 * @param maxUndelivered bytes that have arrived and that handlers were not handed
	 * @param maxUnsent bytes of responses that the transport has taken and not sent, or
	 * not had acknowledged
	 * @param maxOpenRequests requests that are open, zero for no limit
	 */
	public record Memory(long maxUndelivered, long maxUnsent, int maxOpenRequests) {

	}

}
