/**
 * A gateway: HTTP/3 towards its clients, HTTP/1.1 towards what stands behind it.
 */
@NullMarked
package io.github.http3spring.gateway;

import org.jspecify.annotations.NullMarked;
