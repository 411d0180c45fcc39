/**
 * A raw HTTP/3 client that records what a server does to a connection, and a UDP proxy
 * that stands for a bad network.
 */
@NullMarked
package io.github.http3spring.wire;

import org.jspecify.annotations.NullMarked;
