/**
 * The HTTP/3 server of one application on Reactor Netty and Netty's QUIC codec: bind,
 * registry of connections, shutdown of all of them, verdict. What is {@code public} in
 * the packages below is a door between them, no promise to applications.
 */
@NullMarked
package io.github.http3spring.netty;

import org.jspecify.annotations.NullMarked;
