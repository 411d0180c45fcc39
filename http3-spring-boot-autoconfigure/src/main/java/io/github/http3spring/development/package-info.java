/**
 * The certificate with which an application serves HTTPS and HTTP/3 where it is
 * developed. Knows nothing of the servers.
 */
@NullMarked
package io.github.http3spring.development;

import org.jspecify.annotations.NullMarked;
