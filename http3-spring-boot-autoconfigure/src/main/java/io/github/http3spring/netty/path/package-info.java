/**
 * Connections that outlive a change of their client's address (RFC 9000 section 9).
 */
@NullMarked
package io.github.http3spring.netty.path;

import org.jspecify.annotations.NullMarked;
