/**
 * HTTP/3 on Reactor Netty and Netty's QUIC codec: the server, its connections and the
 * handlers that feed their shutdown.
 */
@NullMarked
package io.github.http3spring.netty;

import org.jspecify.annotations.NullMarked;
