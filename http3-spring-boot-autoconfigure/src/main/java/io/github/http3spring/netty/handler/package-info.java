/**
 * What stands between the codec and the application: early data, TLS information,
 * addresses, compression.
 */
@NullMarked
package io.github.http3spring.netty.handler;

import org.jspecify.annotations.NullMarked;
