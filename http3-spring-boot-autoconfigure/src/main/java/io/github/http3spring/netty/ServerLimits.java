package io.github.http3spring.netty;

/**
 * Limits that protect the server from its clients.
 *
 * @param maxConnections number of connections above which new ones are refused, zero for
 * no limit
 */
public record ServerLimits(int maxConnections) {

}
