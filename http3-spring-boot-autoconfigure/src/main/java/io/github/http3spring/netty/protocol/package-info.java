/**
 * What RFC 9114 and RFC 9204 demand of a peer, and of us, where the codec does not look:
 * bytes and fields in, an error out.
 */
@NullMarked
package io.github.http3spring.netty.protocol;

import org.jspecify.annotations.NullMarked;
