/**
 * Certificates and their reload, the key log, and the secrets of stateless reset.
 */
@NullMarked
package io.github.http3spring.netty.tls;

import org.jspecify.annotations.NullMarked;
