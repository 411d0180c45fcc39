package io.github.http3spring.shutdown;

import java.time.Duration;

/**
 * What has gone to a peer and come from it so far.
 *
 * @param sent the number of packets that were sent
 * @param received the number of packets that have arrived and belong to the connection
 * @param probeTimeout the probe timeout of the path (RFC 9002 section 6.2.1)
 * @param nextTimer the time until the next timer of the transport, which is that of a
 * probe while something is not acknowledged; zero for none
 */
public record PeerActivity(long sent, long received, Duration probeTimeout, Duration nextTimer) {

}
