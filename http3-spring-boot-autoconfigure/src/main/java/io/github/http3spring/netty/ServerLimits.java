package io.github.http3spring.netty;

import java.time.Duration;

/**
 * Limits that protect the server from its clients.
 *
 * @param maxConnections number of connections above which new ones are refused, zero for
 * no limit
 * @param handshakeTimeout time after which a connection whose handshake has not come to
 * its end is refused
 */
public record ServerLimits(int maxConnections, Duration handshakeTimeout) {

}
