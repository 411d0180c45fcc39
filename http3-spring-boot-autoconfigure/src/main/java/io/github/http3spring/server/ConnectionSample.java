package io.github.http3spring.server;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Tells what a connection has done since it was looked at last.
 *
 * @param roundTripTime the present round-trip time of the active path, {@code null} if
 * the peer has sent nothing or has not been measured
 * @param packetsSent packets that were sent
 * @param packetsReceived packets that were received
 * @param packetsLost packets that were found to be lost, some of which may have been sent
 * before
 * @param bytesSent bytes that were sent, repetitions included
 * @param bytesReceived bytes that were received
 */
public record ConnectionSample(@Nullable Duration roundTripTime, long packetsSent, long packetsReceived,
		long packetsLost, long bytesSent, long bytesReceived) {

}
